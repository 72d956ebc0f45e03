import type { Cluster, ClusterAnswer } from './cluster.ts';

export type ClusterCheck =
  | { readonly kind: 'answered'; readonly answer: ClusterAnswer }
  /** It could not be asked: the deploy role cannot be taken, or there is no stack at rest. */
  | { readonly kind: 'silent'; readonly message: string; readonly remedy: string }
  /** The configuration speaks of something else than what stands there. */
  | { readonly kind: 'different'; readonly differences: readonly ClusterDifference[]; readonly remedy: string };

/** One fact: a key of the configuration, and what the cluster stack says instead. */
export interface ClusterDifference {
  readonly keyPath: string;
  readonly configured: string;
  readonly found: string;
}

/**
 * What the templates of applications and the steps count on in a cluster stack. It rises with every change of
 * infra/aws/cluster-stack.ts that they need, so that an older stack is found before a deployment fails on it.
 */
export const clusterVersion = 2;

/** Names of the outputs of the cluster stack, for both sides; lists are numbered from 1, one output each. */
export const clusterOutputs = {
  version: 'Version',
  deployRole: 'DeployRoleArn',
  cloudFormationRole: 'CloudFormationRoleArn',
  boundary: 'BoundaryArn',
  sqlFunction: 'SqlFunctionArn',
  /** Missing where applications send no messages. */
  eventBus: 'EventBusArn',
  /** Name of a bucket that is none of an environment's. */
  bucket: (index: number) => `Bucket${index}`,
  /** `{environment}={arn}` */
  migratorRole: (index: number) => `MigratorRole${index}`,
  /** `{environment}={arn}`; none where nobody logs in to databases by IAM. */
  migrationTaskRole: (index: number) => `MigrationTaskRole${index}`,
  /** `{resource id}/{user}` */
  databaseAdmin: (index: number) => `DatabaseAdmin${index}`,
  policy: (index: number) => `Policy${index}`,
} as const;

export const clusterStackName = ({ name }: Pick<Cluster, 'name'>): string => `slipway-cluster-${name}`;

/** Compares what the stack's outputs say with what the configuration says; only what agrees is an answer. */
export const judgeOutputs = (
  cluster: Pick<Cluster, 'name' | 'aws'>,
  outputs: Readonly<Record<string, string>>,
  at: string,
): ClusterCheck => {
  const stack = clusterStackName(cluster);
  const version = Number(outputs[clusterOutputs.version] ?? 0);
  if (version < clusterVersion)
    return {
      kind: 'silent',
      message: `The stack ${stack} is of version ${version}, and version ${clusterVersion} is needed`,
      remedy: 'Deploy the cluster stack again (npm run deploy), then apply the configuration again',
    };
  const roles = rolesIn(outputs, clusterOutputs.migratorRole);
  const differences = differencesOf(cluster.aws, outputs);
  const remedy = `Write what the outputs of the stack ${stack} say into the configuration, then apply it again`;
  if (differences.length > 0) return { kind: 'different', differences, remedy };
  const policies = listed(outputs, clusterOutputs.policy);
  const buckets = listed(outputs, clusterOutputs.bucket);
  const databaseAdmins = listed(outputs, clusterOutputs.databaseAdmin);
  const environments = Object.keys(roles).sort();
  return { kind: 'answered', answer: { at, version, environments, policies, buckets, databaseAdmins } };
};

const differencesOf = (aws: Cluster['aws'], outputs: Readonly<Record<string, string>>): readonly ClusterDifference[] =>
  [
    ['deployRoleArn', aws.deployRoleArn, outputs[clusterOutputs.deployRole]],
    ['cloudFormationRoleArn', aws.cloudFormationRoleArn, outputs[clusterOutputs.cloudFormationRole]],
    ['boundaryArn', aws.boundaryArn, outputs[clusterOutputs.boundary]],
    ['sqlFunctionArn', aws.sqlFunctionArn, outputs[clusterOutputs.sqlFunction]],
    // A bus that no configuration names is no fault: its applications send no messages.
    ...(aws.eventBridge
      ? [['eventBridge.eventBusArn', aws.eventBridge.eventBusArn, outputs[clusterOutputs.eventBus]]]
      : []),
    ...compared('migratorRoles', aws.migratorRoles, rolesIn(outputs, clusterOutputs.migratorRole)),
    ...compared('migrationTaskRoles', aws.migrationTaskRoles ?? {}, rolesIn(outputs, clusterOutputs.migrationTaskRole)),
  ]
    .filter(([, configured, found]) => configured !== found)
    .map(([key, configured = 'nothing', found = 'nothing']) => ({ keyPath: `cluster.aws.${key}`, configured, found }));

type Roles = Readonly<Record<string, string>>;

/** Environment by environment, of either side. */
const compared = (key: string, configured: Roles, found: Roles) =>
  [...new Set([...Object.keys(configured), ...Object.keys(found)])]
    .sort()
    .map((environment) => [`${key}.${environment}`, configured[environment], found[environment]] as const);

const rolesIn = (outputs: Readonly<Record<string, string>>, nameOf: (index: number) => string): Roles =>
  Object.fromEntries(listed(outputs, nameOf).map((pair) => pair.split('=', 2)));

/** The values of numbered outputs, up to the first number that is missing. */
const listed = (outputs: Readonly<Record<string, string>>, nameOf: (index: number) => string): readonly string[] => {
  const values: string[] = [];
  for (let value = outputs[nameOf(1)]; value !== undefined; value = outputs[nameOf(values.length + 1)])
    values.push(value);
  return values;
};
