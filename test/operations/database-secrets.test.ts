import { expect, test } from '@jest/globals';
import {
  databaseRecord,
  databaseSecret,
  foreseenSecret,
  standingRecord,
} from '../../functions/operations/database-secrets.ts';
import type { StepContext } from '../../functions/operations/step-context.ts';
import type { DatabaseRecord } from '../../functions/ports.ts';
import { memoryDatabaseStore } from '../support/memory-stores.ts';
import { sampleBuild } from '../support/sample-place.ts';

const world = (application = 'shop', database: object = {}) => {
  const made: [string, string][] = [];
  const databases = memoryDatabaseStore();
  const aws = {
    secrets: {
      getOrCreate: async (name: string, description: string) => {
        made.push([name, description]);
        return `arn:${name}`;
      },
    },
  };
  const release = {
    environment: 'prod',
    application,
    databases: [{ key: 'main', databaseName: 'prod_shop_main', serverGroup: 'default', ...database }],
  };
  const context = { aws, release } as unknown as StepContext;
  const { cluster } = sampleBuild();
  const planning = { release: context.release, cluster, aws: { secrets: { find: async () => undefined } } };
  return {
    made,
    databases,
    context,
    record: (key = 'main') => databaseRecord({ databases }, context, key),
    foreseen: () => foreseenSecret({ databases }, planning as unknown as StepContext, 'main'),
  };
};
const standing: DatabaseRecord = {
  environment: 'prod',
  databaseName: 'prod_shop_main',
  application: 'shop',
  key: 'main',
  serverGroup: 'default',
  secretArn: 'arn:/prod/shop/postgres/main',
  migratorSecretArn: 'arn:/prod/shop/postgres/main/migrate',
};

test('a new database gets its record and two empty secrets, whose names say whose they are', async () => {
  const { record, made, databases } = world();
  expect(await record()).toEqual(standing);
  expect(made).toEqual([
    ['/prod/shop/postgres/main', 'Login of shop for its database main'],
    ['/prod/shop/postgres/main/migrate', "Login of the migrations of shop's database main"],
  ]);
  expect(await databases.find('prod', 'prod_shop_main')).toEqual(standing);
});

test('a database that is known keeps its record, its login too, and no secret is made', async () => {
  const { record, made, databases } = world();
  await databases.put({ ...standing, login: 'shop_1' });
  expect(await record()).toEqual({ ...standing, login: 'shop_1' });
  expect(made).toEqual([]);
});

test('two steps that come first at once have the same record', async () => {
  const { record } = world();
  const [one, two] = await Promise.all([record(), record()]);
  expect(one).toEqual(two);
});

test('F23: a database of another application is not taken over', async () => {
  const { record, databases } = world('copy');
  await databases.put(standing);
  await expect(record()).rejects.toMatchObject({
    name: 'DatabaseTaken',
    message: 'Database prod_shop_main belongs to application shop, not to copy',
    reason: { left: 'Nothing was changed', remedy: expect.stringContaining('dbNameSuffix') },
  });
  expect(await databases.find('prod', 'prod_shop_main')).toEqual(standing);
});

test('a database that the release does not have is said', async () => {
  await expect(world().record('none')).rejects.toMatchObject({
    name: 'RecordMissing',
    message: 'The release has no database none',
  });
});

test('the template is told the secret of the application’s own login', async () => {
  const { databases, context } = world();
  expect(await databaseSecret({ databases }, context, 'main')).toBe('arn:/prod/shop/postgres/main');
});

const { secretArn: _, migratorSecretArn: __, ...standingByIam } = standing;

test('a new database by IAM gets its record and no secret, and the template is told of none', async () => {
  const { record, made, databases, context, foreseen } = world('shop', { iam: true });
  expect(await foreseen()).toBeUndefined();
  expect(await record()).toEqual(standingByIam);
  expect(made).toEqual([]);
  expect(await databases.find('prod', 'prod_shop_main')).toEqual(standingByIam);
  expect(await databaseSecret({ databases }, context, 'main')).toBeUndefined();
});

test.each<[string, DatabaseRecord, object]>([
  ['passwords is not let in with tokens', { ...standing, login: 'prod_shop_main_1' }, { iam: true }],
  ['tokens is not let in with passwords', { ...standingByIam, login: 'prod_shop_main' }, {}],
])('a database that one logs in to with %s: not by a step, and not in a preview', async (_what, known, database) => {
  const { record, foreseen, databases, made, context } = world('shop', database);
  await databases.put(known);
  const refusal = {
    name: 'DatabaseLoginChanged',
    reason: { left: 'Nothing was changed', remedy: expect.stringContaining('strategy destroy-database') },
  };
  await expect(record()).rejects.toMatchObject(refusal);
  await expect(foreseen()).rejects.toMatchObject(refusal);
  expect(made).toEqual([]);
  expect(await databases.find('prod', 'prod_shop_main')).toEqual(known);
  // To take it away that does not matter.
  expect(await standingRecord({ databases }, context, 'main')).toEqual(known);
});

test('one that nobody logs in to, because it was destroyed or never finished, may become of either kind', async () => {
  const byIam = world('shop', { iam: true });
  await byIam.databases.put(standing);
  expect(await byIam.foreseen()).toBeUndefined();
  expect(await byIam.record()).toEqual(standingByIam);
  const byPassword = world();
  await byPassword.databases.put(standingByIam);
  expect(await byPassword.foreseen()).toMatch(/:secret:\/prod\/shop\/postgres\/main$/);
  expect(await byPassword.record()).toEqual(standing);
  expect(byPassword.made).toHaveLength(2);
});
