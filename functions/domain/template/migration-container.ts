import type { Container, Variable } from '../application/container.ts';
import type { Database } from '../application/database.ts';
import { variableOf } from '../environment/environment.ts';
import { type Build, byName } from './build.ts';
import { databasesOf, isProxied } from './database-access.ts';
import { imageOf, sizeOf } from './image.ts';
import { migrationSidecar } from './migration-sidecar.ts';
import { secretName } from './names.ts';
import { socketUrl } from './socket-address.ts';
import type { MigrationContainer, MigrationSecret } from './template.ts';
import { notSupported } from './unsupported.ts';

/** The container that migrates a database, with all that is known of it before it runs. */
export const migrationContainer = (container: Container, migrated: Database, build: Build): MigrationContainer => {
  const plain = container.envVars.flatMap((variable) => plainVariable(variable, build));
  const region = { name: 'AWS_REGION', value: build.cluster.aws.awsRegion };
  const serverGroups = otherGroups(container, migrated, build);
  const sidecar = migrationSidecar(container, migrated, build);
  return {
    name: container.name,
    image: imageOf(container, build),
    ...(container.command && { command: container.command }),
    ...sizeOf(container, build),
    environment: (plain.some(({ name }) => name === region.name) ? plain : [region, ...plain]).sort(byName),
    secrets: container.envVars.flatMap((variable) => secretVariable(variable, build)).sort(byName),
    ...(serverGroups.length > 0 && { serverGroups }),
    ...(sidecar && { sidecar }),
  };
};

const otherGroups = (container: Container, { postgres }: Database, { application }: Build): readonly string[] => {
  const groups = databasesOf({ containers: [container] }, application).map((other) => other.postgres.serverGroup);
  return [...new Set(groups)].filter((group) => group !== postgres.serverGroup).sort();
};

const plainVariable = (variable: Variable, build: Build) => {
  const { name, value, fromEnv, database } = variable;
  const { environment } = build;
  if (value !== undefined) return [{ name, value }];
  if (database)
    return isProxied(database.databaseName, build) ? [{ name, value: socketUrl(database.databaseName) }] : [];
  if (!fromEnv) return [];
  const found = variableOf(environment, fromEnv.name);
  if (found === undefined) throw new Error(`${environment.fullName} has no variable ${fromEnv.name}: check it first`);
  return [{ name, value: found }];
};

const secretVariable = (variable: Variable, build: Build): readonly MigrationSecret[] => {
  const { application, environment } = build;
  const { name, value, fromEnv, database, secret } = variable;
  if (value !== undefined || fromEnv) return [];
  if (database)
    return isProxied(database.databaseName, build)
      ? []
      : [{ name, kind: 'database', database: database.databaseName, jsonKey: 'dburl' }];
  if (!secret) throw notSupported(`variable ${name}`);
  const secretId = secretName(environment.fullName, application.name, secret.secretName);
  return [{ name, kind: 'secret', secretId, ...(secret.jsonKey !== undefined && { jsonKey: secret.jsonKey }) }];
};
