import { expect, test } from '@jest/globals';
import { buildTemplate } from '../../../functions/domain/template/build-template.ts';
import { only, sampleInput } from '../../support/sample-place.ts';

const uses = (...names: string[]) =>
  names.map((databaseName, index) => ({ name: `V${index}`, database: { databaseName } }));

/** Two databases by IAM and one by password; the first is migrated by a container that names these. */
const built = (names: readonly string[], serverGroup = 'aurora') =>
  buildTemplate(
    sampleInput({
      application: {
        databases: [
          {
            name: 'auditLog',
            postgres: { serverGroup, migrateContainer: { imageUrl: 'migrations:1', envVars: uses(...names) } },
          },
          { name: 'main', postgres: { serverGroup: 'aurora' } },
          { name: 'plain', postgres: {} },
        ],
      },
    }),
  );
const migration = (...given: Parameters<typeof built>) => only(built(...given).databases).migrate;
const variable = (name: string, value: string) => ({ name, value });

test('O24: a migration by IAM is told of its database as a URL of the socket, and has no secret', () => {
  const { environment, secrets } = migration(['auditLog']) ?? {};
  expect(environment).toEqual([
    variable('AWS_REGION', 'eu-central-1'),
    variable('V0', 'postgres://audit_log@/audit_log?host=/sockets/postgres&sslmode=disable'),
  ]);
  expect(secrets).toEqual([]);
});

test('O24: the sidecar beside it logs in as the migrator, and to another database as the application does', () => {
  expect(migration(['main', 'auditLog'])?.sidecar).toEqual({
    image: 'registry.example/sidecar:v7',
    environment: [
      variable('APP_NAME', 'shop'),
      variable('AWS_REGION', 'eu-central-1'),
      variable(
        'DB_CREDS_AUDIT_LOG',
        '{"endpoint":"aurora.example:5432","dbName":"prod_shop_auditLog","dbUser":"prod_shop_auditLog_migrate"}',
      ),
      variable(
        'DB_CREDS_MAIN',
        '{"endpoint":"aurora.example:5432","dbName":"prod_shop_main","dbUser":"prod_shop_main"}',
      ),
      variable('ENVIRONMENT_NAME', 'prod'),
      variable('POSTGRES_IAM_PROXY', 'AUDIT_LOG,MAIN'),
      variable('POSTGRES_PROXY_BIND', '/sockets/postgres/.s.PGSQL.5432'),
    ],
  });
});

test('databases of both kinds go together: one by the socket, one by its secret', () => {
  const { environment, secrets, serverGroups, sidecar } = migration(['auditLog', 'plain']) ?? {};
  expect(environment?.map(({ name }) => name)).toEqual(['AWS_REGION', 'V0']);
  expect(secrets).toEqual([{ name: 'V1', kind: 'database', database: 'plain', jsonKey: 'dburl' }]);
  expect(sidecar?.environment).toContainEqual(variable('POSTGRES_IAM_PROXY', 'AUDIT_LOG'));
  expect(serverGroups).toEqual(['default']);
});

test('a migration by password that names a database by IAM has the sidecar for that one alone', () => {
  const { secrets, serverGroups, sidecar } = migration(['auditLog', 'main'], 'default') ?? {};
  expect(secrets).toEqual([{ name: 'V0', kind: 'database', database: 'auditLog', jsonKey: 'dburl' }]);
  expect(sidecar?.environment.filter(({ name }) => name.startsWith('DB_CREDS'))).toEqual([
    variable('DB_CREDS_MAIN', '{"endpoint":"aurora.example:5432","dbName":"prod_shop_main","dbUser":"prod_shop_main"}'),
  ]);
  expect(serverGroups).toEqual(['aurora']);
});

test('a migration that names no database by IAM has nothing beside it, and says so by saying nothing', () => {
  for (const migrate of [migration(['plain']), migration(['plain'], 'default'), migration([])])
    expect(migrate).not.toHaveProperty('sidecar');
});

test('a database says that one logs in to it by IAM, and only then', () => {
  expect(built([]).databases.map(({ key, iam }) => [key, iam])).toEqual([
    ['auditLog', true],
    ['main', true],
    ['plain', undefined],
  ]);
});

test("the sidecar's image is waited for when only a migration needs it", () => {
  expect(built(['auditLog']).images).toContain('registry.example/sidecar:v7');
  expect(built(['plain']).images).not.toContain('registry.example/sidecar:v7');
});

test('the order of its variables changes nothing', () => {
  expect(migration(['main', 'auditLog'])?.sidecar).toEqual(migration(['auditLog', 'main'])?.sidecar);
});
