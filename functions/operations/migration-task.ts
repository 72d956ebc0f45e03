import { StepFailure } from '../domain/failure.ts';
import type { ReleaseDatabase } from '../domain/release.ts';
import { migrationPlace } from '../domain/template/migration-place.ts';
import { logGroupName } from '../domain/template/names.ts';
import type { MigrationContainer } from '../domain/template/template.ts';
import type { Ports, TaskDefinitionRequest } from '../ports.ts';
import { databaseRecord, databaseSecret } from './database-secrets.ts';
import type { StepContext } from './step-context.ts';

/** The migration container of a database as an ECS task; what it is told of its own database is the migrator's login. */
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
    environment: Object.fromEntries(container.environment.map(({ name, value }) => [name, value])),
    secrets,
    executionRoleArn: migratorRole(context),
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
  return `${arn}:${secret.jsonKey}::`;
};
