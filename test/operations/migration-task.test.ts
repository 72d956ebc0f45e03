import { expect, test } from '@jest/globals';
import type { Release } from '../../functions/domain/release.ts';
import { buildTemplate } from '../../functions/domain/template/build-template.ts';
import { migrationTask } from '../../functions/operations/migration-task.ts';
import type { StepContext } from '../../functions/operations/step-context.ts';
import { memoryDatabaseStore } from '../support/memory-stores.ts';
import { fargateKeys, sampleInput } from '../support/sample-place.ts';

/** The task of a migration of `main`, whose container names these databases. */
const task = (names: readonly string[], serverGroup: string, cluster: object = {}) => {
  const input = sampleInput({
    cluster,
    application: {
      databases: [
        {
          name: 'main',
          postgres: {
            serverGroup,
            migrateContainer: {
              imageUrl: 'migrations:1',
              demand: 'MEDIUM',
              envVars: names.map((databaseName) => ({ name: databaseName.toUpperCase(), database: { databaseName } })),
            },
          },
        },
        { name: 'other', postgres: {} },
      ],
    },
  });
  const { databases } = buildTemplate(input);
  const migrations = { tool: 'unknown', files: [] } as const;
  const release = {
    environment: 'prod',
    application: 'shop',
    databases: databases.map((database) => ({ ...database, migrations })),
  } as unknown as Release;
  const aws = { secrets: { getOrCreate: async (name: string) => `arn:${name}` } };
  const context = { release, cluster: input.cluster, aws } as unknown as StepContext;
  const [database] = release.databases;
  if (!database?.migrate) throw new Error('main has a migration');
  return migrationTask({ databases: memoryDatabaseStore() }, context, database, database.migrate);
};

test('O24: a migration by IAM runs with the role that may log in, beside the sidecar that does', async () => {
  expect(await task(['main'], 'aurora')).toEqual({
    container: 'migrate',
    logGroup: 'ecs/prod/shop/migrate',
    region: 'eu-central-1',
    family: 'prod-shop-migrate-main',
    image: 'migrations:1',
    cpu: 512,
    memory: 1024,
    environment: {
      AWS_REGION: 'eu-central-1',
      MAIN: 'postgres://main@/main?host=/sockets/postgres&sslmode=disable',
    },
    secrets: {},
    executionRoleArn: 'arn:aws:iam::000000000000:role/migrate-prod',
    taskRoleArn: 'arn:aws:iam::000000000000:role/migration-task-prod',
    beside: {
      name: 'o5_runtime',
      image: 'registry.example/sidecar:v7',
      cpu: 128,
      memory: 128,
      folder: '/sockets',
      environment: {
        APP_NAME: 'shop',
        AWS_REGION: 'eu-central-1',
        ENVIRONMENT_NAME: 'prod',
        DB_CREDS_MAIN: '{"endpoint":"aurora.example:5432","dbName":"prod_shop_main","dbUser":"prod_shop_main_migrate"}',
        POSTGRES_IAM_PROXY: 'MAIN',
        POSTGRES_PROXY_BIND: '/sockets/postgres/.s.PGSQL.5432',
      },
    },
  });
});

test('a database of the other kind beside it comes by its secret', async () => {
  const { secrets, environment } = await task(['main', 'other'], 'aurora');
  expect(secrets).toEqual({ OTHER: 'arn:/prod/shop/postgres/other:dburl::' });
  expect(Object.keys(environment).sort()).toEqual(['AWS_REGION', 'MAIN']);
});

test('a migration by password has neither a role nor anybody beside it', async () => {
  const made = await task(['main', 'other'], 'default');
  expect(made).not.toHaveProperty('taskRoleArn');
  expect(made).not.toHaveProperty('beside');
  expect(made.secrets).toEqual({
    MAIN: 'arn:/prod/shop/postgres/main/migrate:dburl::',
    OTHER: 'arn:/prod/shop/postgres/other:dburl::',
  });
});

test('on Fargate the task has room for both', async () => {
  const sizeIn = async (group: string) => {
    const { fargate } = await task(['main'], group, fargateKeys);
    return [fargate?.cpu, fargate?.memory];
  };
  expect([await sizeIn('default'), await sizeIn('aurora')]).toEqual([
    [512, 1024],
    [1024, 2048],
  ]);
});

test('a cluster without the role is named, with what to do, and nothing is started', async () => {
  await expect(
    task(['main'], 'aurora', { migrationTaskRoles: { dev: 'arn:aws:iam::0:role/dev' } }),
  ).rejects.toMatchObject({
    name: 'ClusterSilent',
    message: 'Cluster main has no role with which migrations of prod log in to databases by IAM',
    reason: { left: 'No migration was started', remedy: expect.stringContaining('databaseAdmins') },
  });
});
