import { readdirSync, rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Part, Properties } from '../../../infra/local/part.ts';
import { createPostgres, type PostgresOptions } from '../../../infra/local/postgres/postgres.ts';
import { openStore } from '../../../infra/local/store.ts';
import { memoryFolder } from '../../support/memory-folder.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { create, resourceRequest, testWorld } from '../test-world.ts';

const TYPE = 'AWS::RDS::DBInstance';
const PROPERTIES = {
  DBInstanceIdentifier: 'Main',
  Engine: 'postgres',
  MasterUsername: 'postgres',
  MasterUserPassword: 'first-password',
  DBName: 'orders',
};

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

let other: TestPostgres;
beforeAll(async () => {
  other = await startTestPostgres();
});
afterAll(() => other.stop());

const started = (options: Partial<PostgresOptions> = {}) => {
  const directory = memoryFolder('postgres-');
  const store = openStore();
  const open = () => {
    const part = createPostgres(testWorld({ store }), { directory, serverUrl: '', ...options });
    cleanups.push(() => part.stop?.());
    return part;
  };
  cleanups.push(() => rmSync(directory, { recursive: true }));
  return { part: open(), open, directory };
};

const query = async (login: { port?: number; database?: string; user: string; password: string }, sql: string) => {
  const client = new pg.Client({ host: '127.0.0.1', database: 'postgres', ...login });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

const remove = (part: Part, physicalId: string, properties: Properties = PROPERTIES) =>
  part.resources?.[TYPE]?.delete({ ...resourceRequest(TYPE, 'Main', properties), physicalId });

test('an instance is a real server whose master user is what RDS gives: no superuser, but may make roles and databases', async () => {
  const { part } = started();
  const made = await create(part, TYPE, 'Main', PROPERTIES);
  const database = part.describeDatabase('main');
  expect(made).toMatchObject({
    physicalId: 'main',
    attributes: {
      'Endpoint.Address': '127.0.0.1',
      'Endpoint.Port': String(database?.port),
      DBInstanceArn: 'arn:aws:rds:eu-central-1:111122223333:db:main',
    },
  });
  const master = { port: database?.port ?? 0, user: 'postgres', password: 'first-password' };
  const [role] = await query(
    master,
    'SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user',
  );
  expect(role).toEqual({ rolsuper: false, rolcreatedb: true, rolcreaterole: true });
  await query(master, 'CREATE ROLE app LOGIN');
  // The trap of managed PostgreSQL: who made a role may still not give it a database.
  await expect(query(master, 'CREATE DATABASE shop OWNER app')).rejects.toThrow('must be able to SET ROLE "app"');
  await query(master, 'GRANT app TO postgres');
  await query(master, 'CREATE DATABASE shop OWNER app');
  await query({ ...master, database: 'orders' }, 'CREATE EXTENSION pgcrypto; CREATE TABLE t (n int)');
  await query(master, 'GRANT rds_iam TO app');
  await expect(query(master, 'ALTER ROLE app SUPERUSER')).rejects.toThrow('permission denied');
  await expect(query({ ...master, password: 'wrong' }, 'SELECT 1')).rejects.toThrow('password authentication failed');
  expect(part.describeDatabase('none')).toBeUndefined();
});

test('a stopped cloud takes its instances up again, on the same port', async () => {
  const { part, open } = started();
  const { attributes } = await create(part, TYPE, 'Main', PROPERTIES);
  const master = { port: Number(attributes['Endpoint.Port']), user: 'postgres', password: 'first-password' };
  await query(master, 'CREATE TABLE kept AS SELECT 7 AS n');
  await part.stop?.();
  await expect(query(master, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  const again = open();
  await again.start?.();
  expect(await query(master, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('a new password holds from then on, and deletion leaves nothing, once it is allowed', async () => {
  const { part, directory } = started();
  const protectedOnes = { ...PROPERTIES, DeletionProtection: true };
  const { physicalId, attributes } = await create(part, TYPE, 'Main', protectedOnes);
  const login = { port: Number(attributes['Endpoint.Port']), user: 'postgres' };
  await expect(remove(part, physicalId)).rejects.toThrow('Cannot delete protected DB Instance');
  const next = { ...PROPERTIES, MasterUserPassword: 'second-password' };
  await part.resources?.[TYPE]?.update({ ...resourceRequest(TYPE, 'Main', next), physicalId, previous: protectedOnes });
  await expect(query({ ...login, password: 'first-password' }, 'SELECT 1')).rejects.toThrow('password authentication');
  await query({ ...login, password: 'second-password' }, 'SELECT 1');
  await remove(part, physicalId);
  expect(part.describeDatabase(physicalId)).toBeUndefined();
  expect(readdirSync(directory)).toEqual([]);
  await remove(part, physicalId);
});

test('an instance whose data is of another life, with a store that knows nothing of it, starts empty', async () => {
  const { part, directory } = started();
  const { attributes } = await create(part, TYPE, 'Main', PROPERTIES);
  const master = { user: 'postgres', password: 'first-password' };
  await query({ ...master, port: Number(attributes['Endpoint.Port']) }, 'CREATE TABLE kept (n int)');
  const fresh = createPostgres(testWorld(), { directory, serverUrl: '' });
  cleanups.push(() => fresh.stop?.());
  const made = await create(fresh, TYPE, 'Main', PROPERTIES);
  const port = Number(made.attributes['Endpoint.Port']);
  await expect(query({ ...master, port }, 'SELECT * FROM kept')).rejects.toThrow('relation "kept" does not exist');
});

test('a server that is given by URL is used as it is: its admin makes the master user, and nothing is started', async () => {
  const { part, directory } = started({ serverUrl: other.adminUrl });
  const properties = {
    ...PROPERTIES,
    MasterUsername: 'shop_master',
    MasterUserPassword: 'shop-password',
    DBName: 'shop',
  };
  const { physicalId, attributes } = await create(part, TYPE, 'Main', properties);
  const { port } = new URL(other.adminUrl);
  expect(attributes).toMatchObject({ 'Endpoint.Address': '127.0.0.1', 'Endpoint.Port': port });
  const master = { port: Number(port), user: 'shop_master', password: 'shop-password', database: 'shop' };
  await query(master, 'CREATE TABLE t (n int)');
  expect(readdirSync(directory)).toEqual([]);
  const own = { ...PROPERTIES, DBInstanceIdentifier: 'Second', MasterUsername: 'admin_user' };
  await expect(create(part, TYPE, 'Second', own)).rejects.toThrow('admin_user is the admin of SLIPWAY_POSTGRES_URL');
  await remove(part, physicalId);
  await query(master, 'SELECT * FROM t');
});

test('a server that is given by URL and is not there is named, without its password', async () => {
  const { part } = started({ serverUrl: 'postgresql://someone:hidden@127.0.0.1:1/postgres' });
  const made = create(part, TYPE, 'Main', PROPERTIES);
  await expect(made).rejects.toThrow(
    'PostgreSQL at 127.0.0.1:1 does not let its admin in: Error: connect ECONNREFUSED',
  );
  await expect(made).rejects.not.toThrow('hidden');
});

test('a managed password goes into a secret, whose ARN is an attribute', async () => {
  const secrets = new Map<string, string>();
  const putMasterSecret = (name: string, value: string) => {
    secrets.set(name, value);
    return `arn:${name}`;
  };
  const { part } = started({ serverUrl: other.adminUrl, putMasterSecret });
  const { MasterUserPassword: _, ...rest } = PROPERTIES;
  const properties = { ...rest, MasterUsername: 'managed', ManageMasterUserPassword: 'true' };
  const { attributes } = await create(part, TYPE, 'Main', properties);
  expect(attributes['MasterUserSecret.SecretArn']).toBe('arn:rds-db-main');
  const { username, password } = JSON.parse(secrets.get('rds-db-main') ?? '');
  await query({ port: Number(attributes['Endpoint.Port']), user: username, password }, 'SELECT 1');
});

test.each([
  [{ Engine: 'mysql' }, 'Invalid DB engine: mysql of main; here it can only be postgres.'],
  [{ MasterUsername: 'rdsadmin' }, 'MasterUsername rdsadmin cannot be used'],
  [{ MasterUserPassword: 'a b' }, 'MasterUserPassword is not a valid password'],
  [{ ManageMasterUserPassword: true }, 'can not specify MasterUserPassword'],
])('%j is refused before anything is made', async (wrong, message) => {
  const { part, directory } = started();
  await expect(create(part, TYPE, 'Main', { ...PROPERTIES, ...wrong })).rejects.toThrow(message);
  expect(readdirSync(directory)).toEqual([]);
});

test('subnet groups and parameter groups are recorded under their names', async () => {
  const { part } = started();
  const group = await create(part, 'AWS::RDS::DBSubnetGroup', 'Subnets', {
    DBSubnetGroupName: 'Private',
    SubnetIds: [],
  });
  expect(group.physicalId).toBe('private');
  const parameters = await create(part, 'AWS::RDS::DBParameterGroup', 'Parameters', { Family: 'postgres18' });
  expect(parameters.physicalId).toMatch(/^shop-parameters-\w{12}$/);
});
