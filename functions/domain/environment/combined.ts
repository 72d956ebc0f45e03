import * as z from 'zod';
import { unknownName } from '../application/check-references.ts';
import { dashedNameSchema } from '../application/name-patterns.ts';
import { distinct } from '../configuration/distinct.ts';
import { type Finding, findingAt } from '../configuration/finding.ts';
import { own } from '../configuration/schema-hints.ts';
import { clusterSchema } from './cluster.ts';
import { environmentShape } from './environment.ts';
import { repositorySchema } from './repository.ts';

const environmentInFile = z.strictObject({
  ...environmentShape,
  clusterName: dashedNameSchema
    .optional()
    .describe('Cluster that it belongs to; the cluster of the file when left out.'),
});

const shape = z.strictObject({
  cluster: clusterSchema.optional().describe('One account, region and VPC, with what environments share there.'),
  environments: distinct('fullName', z.array(environmentInFile)).default([]).describe('Places to deploy to.'),
  repositories: own(distinct('id', z.array(repositorySchema)).default([]), 'Repositories whose pushes are deployed.'),
});

/** The configuration of Slipway itself: a cluster, its environments and the repositories that deploy to them. */
export const combinedSchema = shape
  .superRefine((file, context) => {
    for (const { keys, message, nearest } of checkCombined(file))
      context.addIssue({ code: 'custom', path: [...keys], message, params: { nearest } });
  })
  .transform(({ environments, ...rest }) => ({
    ...rest,
    environments: environments.map((environment) => ({
      ...environment,
      clusterName: environment.clusterName ?? rest.cluster?.name ?? '',
    })),
  }));

export type Combined = z.output<typeof combinedSchema>;

type File = z.output<typeof shape>;

const checkCombined = ({ cluster, environments, repositories }: File): readonly Finding[] => [
  ...(cluster || environments.length + repositories.length > 0
    ? []
    : [findingAt([], 'the file holds nothing: expected cluster, environments or repositories')]),
  ...environments.flatMap(({ clusterName }, index) => clusterFindings(clusterName, cluster, index)),
  ...(cluster ? repositories.flatMap(({ targets }, index) => targetFindings(targets, environments, index)) : []),
];

const clusterFindings = (clusterName: string | undefined, cluster: File['cluster'], index: number): Finding[] => {
  const keys = ['environments', index, 'clusterName'];
  if (clusterName === undefined) return cluster ? [] : [findingAt(keys, 'is required: the file holds no cluster')];
  if (!cluster || clusterName === cluster.name) return [];
  return [findingAt(keys, `this file is about the cluster ${cluster.name}, not ${clusterName}`, cluster.name)];
};

const targetFindings = (
  targets: File['repositories'][number]['targets'],
  environments: File['environments'],
  repository: number,
): Finding[] => {
  const known = environments.map(({ fullName }) => fullName);
  return targets.flatMap(({ environment }, index) =>
    known.length === 0 || known.includes(environment)
      ? []
      : [unknownName(['repositories', repository, 'targets', index, 'environment'], 'environment', environment, known)],
  );
};
