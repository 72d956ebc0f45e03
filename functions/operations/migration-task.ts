import { StepFailure } from '../domain/failure.ts';
import type { ReleaseDatabase } from '../domain/release.ts';
import { migrationPlace } from '../domain/template/migration-place.ts';
import { logGroupName } from '../domain/template/names.ts';
import { sidecarSize } from '../domain/template/sidecar.ts';
import { SIDECAR, SOCKETS } from '../domain/template/sidecar-names.ts';
import type { MigrationContainer } from '../domain/template/template.ts';
import type { ContainerBeside, Ports, TaskDefinitionRequest } from '../ports.ts';
import { databaseRecord, databaseSecret } from './database-secrets.ts';
import type { StepContext } from './step-context.ts';

/**
 * The migration container of a database as an ECS task; what it is told of its own database is the migrator's login, or
 * where the container beside it makes that login by IAM.
 * @throws StepFailure ClusterSilent, RecordMissing
 */
export const migrationTask = async (
  ports: Pick<Ports, 'databases'>,
  context: StepContext,
  database: ReleaseDatabase,
  container: MigrationContainer,
): Promise<TaskDefinitionRequest> => {
  const { release } = context;
  const fargate = migrationPlace(database, container, context.cluster);
  const secrets: Record<string, string> = {};
  for (const secret of container.secrets) secrets[secret.name] = await valueFrom(ports, context, database, secret);
  return {
    ...logPlace(context, container),
    family: `${release.environment}-${release.application}-migrate-${database.key}`,
    image: container.image,
    ...(container.command && { command: container.command }),
    cpu: container.cpu,
    memory: container.memory,
    environment: recordOf(container.environment),
    secrets,
    executionRoleArn: migratorRole(context),
    ...(container.sidecar && { taskRoleArn: taskRole(context), beside: besideOf(container.sidecar) }),
    ...(fargate && { fargate }),
  };
};

const migratorRole = ({ release: { environment }, cluster }: StepContext): string => {
  const role = cluster.aws.migratorRoles[environment];
  if (role) return role;
  throw new StepFailure({
    code: 'ClusterSilent',
    message: `Cluster ${cluster.name} has no migrator role for ${environment}`,
    left: 'No migration was started',
    remedy: `Add ${environment} to the cluster's environments in infra/aws/stages.ts, run npm run deploy, write the role under migratorRoles and run slipway apply`,
  });
};

const taskRole = ({ release: { environment }, cluster }: StepContext): string => {
  const role = cluster.aws.migrationTaskRoles?.[environment];
  if (role) return role;
  throw new StepFailure({
    code: 'ClusterSilent',
    message: `Cluster ${cluster.name} has no role with which migrations of ${environment} log in to databases by IAM`,
    left: 'No migration was started',
    remedy: `Give the cluster's stage in infra/aws/stages.ts its databaseAdmins, run npm run deploy, write the role of ${environment} under migrationTaskRoles and run slipway apply`,
  });
};

const besideOf = ({ image, environment }: NonNullable<MigrationContainer['sidecar']>): ContainerBeside => ({
  name: SIDECAR,
  image,
  ...sidecarSize,
  environment: recordOf(environment),
  folder: SOCKETS,
});

const recordOf = (variables: MigrationContainer['environment']): Readonly<Record<string, string>> =>
  Object.fromEntries(variables.map(({ name, value }) => [name, value]));

/** Where the container's log goes. */
export const logPlace = (
  { release, cluster }: Pick<StepContext, 'release' | 'cluster'>,
  { name }: MigrationContainer,
) => ({
  container: name,
  logGroup: logGroupName(release.environment, release.application, name),
  region: cluster.aws.awsRegion,
});

/** `arn:json-key:version-stage:version-id`, as ECS reads one key of a secret. */
const valueFrom = async (
  ports: Pick<Ports, 'databases'>,
  context: StepContext,
  database: ReleaseDatabase,
  secret: MigrationContainer['secrets'][number],
): Promise<string> => {
  if (secret.kind === 'secret') return secret.jsonKey ? `${secret.secretId}:${secret.jsonKey}::` : secret.secretId;
  if (!context.release.databases.some(({ key }) => key === secret.database))
    throw new StepFailure({
      code: 'RecordMissing',
      message: `The migration of ${database.key} names the database ${secret.database}, which this release does not have`,
    });
  const arn =
    secret.database === database.key
      ? (await databaseRecord(ports, context, database.key)).migratorSecretArn
      : await databaseSecret(ports, context, secret.database);
  if (arn !== undefined) return `${arn}:${secret.jsonKey}::`;
  throw new StepFailure({
    code: 'RecordMissing',
    message: `The migration of ${database.key} names the secret of ${secret.database}, which is logged in to by IAM and has none`,
    left: 'No migration was started',
    remedy: 'Push again, so that the release is built anew',
  });
};
