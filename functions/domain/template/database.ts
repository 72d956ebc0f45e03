import type { Container, Variable } from '../application/container.ts';
import type { Database } from '../application/database.ts';
import { variableOf } from '../environment/environment.ts';
import { type Build, byName } from './build.ts';
import { imageOf, sizeOf } from './image.ts';
import { secretName } from './names.ts';
import { realName } from './real-name.ts';
import type { BuiltDatabase, MigrationContainer, MigrationSecret } from './template.ts';
import { notSupported } from './unsupported.ts';

/** A database with its real name and the container that migrates it; neither is part of the stack. */
export const builtDatabase = (database: Database, build: Build): BuiltDatabase => {
  const { name, postgres } = database;
  const { migrateContainer, migrations } = postgres;
  return {
    key: name,
    databaseName: realName(database, build.environment.fullName, build.application.name),
    serverGroup: postgres.serverGroup,
    extensions: [...new Set(postgres.dbExtensions)].sort(),
    ...(migrateContainer && { migrate: migrationContainer(migrateContainer, build) }),
    ...(migrations && { migrationSource: migrationSource(migrations) }),
  };
};

const migrationSource = ({ tool, path }: NonNullable<Database['postgres']['migrations']>) => ({
  ...(tool !== undefined && { tool }),
  ...(path !== undefined && { path }),
});

const migrationContainer = (container: Container, build: Build): MigrationContainer => {
  const plain = container.envVars.flatMap((variable) => plainVariable(variable, build));
  const region = { name: 'AWS_REGION', value: build.cluster.aws.awsRegion };
  return {
    name: container.name,
    image: imageOf(container, build),
    ...(container.command && { command: container.command }),
    ...sizeOf(container, build),
    environment: (plain.some(({ name }) => name === region.name) ? plain : [region, ...plain]).sort(byName),
    secrets: container.envVars.flatMap((variable) => secretVariable(variable, build)).sort(byName),
  };
};

const plainVariable = ({ name, value, fromEnv }: Variable, { environment }: Build) => {
  if (value !== undefined) return [{ name, value }];
  if (!fromEnv) return [];
  const found = variableOf(environment, fromEnv.name);
  if (found === undefined) throw new Error(`${environment.fullName} has no variable ${fromEnv.name}: check it first`);
  return [{ name, value: found }];
};

const secretVariable = (variable: Variable, { application, environment }: Build): readonly MigrationSecret[] => {
  const { name, value, fromEnv, database, secret } = variable;
  if (value !== undefined || fromEnv) return [];
  if (database) return [{ name, kind: 'database', database: database.databaseName, jsonKey: 'dburl' }];
  if (!secret) throw notSupported(`variable ${name}`);
  const secretId = secretName(environment.fullName, application.name, secret.secretName);
  return [{ name, kind: 'secret', secretId, ...(secret.jsonKey !== undefined && { jsonKey: secret.jsonKey }) }];
};
