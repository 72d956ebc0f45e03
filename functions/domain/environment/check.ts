import { type Finding, findingAt } from '../configuration/finding.ts';
import { stackName } from '../template/names.ts';
import { findUnsupported } from '../template/unsupported.ts';
import { checkAdministrators } from './check-administrators.ts';
import { checkBlobstores } from './check-blobstores.ts';
import { checkBuckets } from './check-buckets.ts';
import { checkDatabases } from './check-databases.ts';
import type { CheckInput } from './check-input.ts';
import { checkLaunch } from './check-launch.ts';
import { checkLimits } from './check-limits.ts';
import { checkMessages } from './check-messages.ts';
import { checkMigrations } from './check-migrations.ts';
import { checkNames } from './check-names.ts';
import { checkOutboxes } from './check-outboxes.ts';
import { checkRoutes } from './check-routes.ts';
import { checkSidecar } from './check-sidecar.ts';

/**
 * Everything about an application that does not fit its environment and cluster, found before anything is called.
 * Empty means that `buildTemplate` takes it.
 */
export const checkApplication = (input: CheckInput): readonly Finding[] => [
  ...checkPlace(input),
  ...findUnsupported(input.application),
  ...checkNames(input.application, input.environment),
  ...checkDatabases(input),
  ...checkAdministrators(input),
  ...checkMigrations(input),
  ...checkRoutes(input.application, input.environment),
  ...checkOutboxes(input.application),
  ...checkMessages(input),
  ...checkBlobstores(input),
  ...checkBuckets(input),
  ...checkSidecar(input),
  ...checkLaunch(input),
  ...checkLimits(input),
];

const checkPlace = ({ application, environment, cluster }: CheckInput): readonly Finding[] => {
  const { fullName, kind, clusterName } = environment;
  const stack = stackName(fullName, application.name);
  return [
    ...(kind === 'aws' ? [] : [findingAt([], `${fullName} is of kind ${kind}, which runs no CloudFormation stacks`)]),
    ...(clusterName === cluster.name
      ? []
      : [findingAt([], `${fullName} belongs to the cluster ${clusterName}, not to ${cluster.name}`)]),
    ...(stack.length > 128 ? [findingAt(['name'], `makes a stack name of more than 128 characters: ${stack}`)] : []),
  ];
};
