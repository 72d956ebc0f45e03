import { type Finding, findingAt, type Keys } from '../configuration/finding.ts';
import { nearest } from '../configuration/nearest.ts';
import type { Cluster, ClusterAnswer } from './cluster.ts';
import { type ClusterCheck, clusterStackName, clusterVersion } from './cluster-check.ts';
import type { Environment } from './environment.ts';

/** What a check of the file's cluster says about the file. */
export const findingsOfCheck = (check: ClusterCheck): readonly Finding[] => {
  switch (check.kind) {
    case 'answered':
      return [];
    case 'silent':
      return [findingAt(['cluster'], `has not answered: ${check.message}. ${check.remedy}`)];
    case 'different':
      return check.differences.map(({ keyPath, configured, found }) =>
        findingAt(keyPath.split('.'), `is ${configured}, but the cluster stack has ${found}. ${check.remedy}`),
      );
  }
};

/** What a cluster stack has no roles or no permission for, of the environments of a file that belong to it. */
export const checkAnswer = (
  environments: readonly Environment[],
  clusterName: string,
  answer: ClusterAnswer,
): readonly Finding[] =>
  environments.flatMap((environment, index) => {
    if (environment.clusterName !== clusterName || environment.kind !== 'aws') return [];
    return [...unserved(environment, clusterName, answer, index), ...unattachable(environment, answer, index)];
  });

/**
 * Why nothing may be deployed to an environment yet, in words for whoever pushed; undefined when its cluster stack has
 * answered and knows it.
 */
export const clusterSilence = ({ fullName, kind }: Environment, cluster: Cluster): string | undefined => {
  const { name, answer } = cluster;
  const stack = clusterStackName(cluster);
  if (kind !== 'aws') return undefined;
  if (!answer)
    return `The cluster stack ${stack} has never answered. Run npm run deploy if it is missing, then slipway apply with the file of cluster ${name}`;
  if (answer.version < clusterVersion)
    return `The cluster stack ${stack} answered as version ${answer.version}, and version ${clusterVersion} is needed. Run npm run deploy, then slipway apply with the file of cluster ${name}`;
  if (!answer.environments.includes(fullName))
    return `The cluster stack ${stack} has no roles for ${fullName}. Add it to the cluster's environments in infra/aws/stages.ts, run npm run deploy, then slipway apply with the file of cluster ${name}`;
  return undefined;
};

const unserved = (environment: Environment, cluster: string, { environments }: ClusterAnswer, index: number) =>
  environments.includes(environment.fullName)
    ? []
    : [
        missing(
          ['environments', index, 'fullName'],
          `the cluster stack ${clusterStackName({ name: cluster })} has no roles for ${environment.fullName}: add it to the cluster's environments in infra/aws/stages.ts and run npm run deploy`,
          environment.fullName,
          environments,
        ),
      ];

const unattachable = ({ aws }: Environment, { policies }: ClusterAnswer, index: number) =>
  aws.iamPolicies.flatMap(({ policyArn }, at) =>
    policies.includes(policyArn)
      ? []
      : [
          missing(
            ['environments', index, 'aws', 'iamPolicies', at, 'policyArn'],
            `CloudFormation may not attach ${policyArn} in this cluster: add it to the cluster's policies in infra/aws/stages.ts and run npm run deploy`,
            policyArn,
            policies,
          ),
        ],
  );

const missing = (keys: Keys, message: string, word: string, known: readonly string[]): Finding =>
  findingAt(keys, message, nearest(word, known));
