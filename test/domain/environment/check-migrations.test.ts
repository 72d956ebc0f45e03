import { expect, test } from '@jest/globals';
import { keyPath } from '../../../functions/domain/configuration/finding.ts';
import { checkMigrations } from '../../../functions/domain/environment/check-migrations.ts';
import { fargateKeys, sampleInput } from '../../support/sample-place.ts';

const migrated = (names: readonly string[], container: object = {}) => ({
  databases: names.map((name, index) => ({
    name,
    postgres: {
      serverGroup: 'aurora',
      ...(index === 0 && {
        migrateContainer: {
          imageUrl: 'a:1',
          envVars: names.map((databaseName, at) => ({ name: `V${at}`, database: { databaseName } })),
          ...container,
        },
      }),
    },
  })),
});

const found = (application: object, cluster: object = {}, environment: object = {}) =>
  checkMigrations(sampleInput({ application, cluster, environment })).map(
    ({ keys, message }) => `${keyPath(keys)} ${message}`,
  );

const AT = 'databases[0].postgres.migrateContainer';

test('a migration by IAM finds all that it needs in a cluster that has it', () => {
  expect(found(migrated(['main', 'other']))).toEqual([]);
});

test('a cluster that lacks something for it is named with all that it lacks', () => {
  expect(found(migrated(['main']), { o5Sidecar: undefined, migrationTaskRoles: undefined, migratorRoles: {} })).toEqual(
    [
      `${AT} needs a role for prod in cluster.aws.migratorRoles of main`,
      `${AT} needs the sidecar for logging in to main by IAM: the cluster main has no cluster.aws.o5Sidecar`,
      `${AT} needs a role for prod in cluster.aws.migrationTaskRoles of main for logging in to main by IAM: an output of a cluster stack that has databaseAdmins`,
    ],
  );
});

test('a migration by password needs none of it', () => {
  const plain = { databases: [{ name: 'main', postgres: { migrateContainer: { imageUrl: 'a:1' } } }] };
  expect(found(plain, { o5Sidecar: undefined, migrationTaskRoles: undefined })).toEqual([]);
});

test("the migration's container may not have the sidecar's name", () => {
  expect(found(migrated(['main'], { name: 'o5_runtime' }))).toEqual([
    `${AT}.name o5_runtime is the sidecar: give the container another name`,
  ]);
});

test('two databases that it names may not be one to the sidecar', () => {
  expect(found(migrated(['a-b', 'aB']))).toEqual([
    `${AT} its sidecar would know the databases a-b and aB both as DB_CREDS_A_B`,
  ]);
});

test('a migration that no task of Fargate has room for is refused there, its sidecar counted', () => {
  const sizes = { sizes: { light: { cpu: 16_384, memory: 122_880 } } };
  const plain = { databases: [{ name: 'main', postgres: { migrateContainer: { imageUrl: 'a:1' } } }] };
  expect(found(plain, fargateKeys, sizes)).toEqual([]);
  expect(found(migrated(['main']), {}, sizes)).toEqual([]);
  expect(found(migrated(['main']), fargateKeys, sizes)).toEqual([
    `${AT} needs 16512 CPU units and 123008 MiB: no task of Fargate has more than 16384 and 122880`,
  ]);
});
