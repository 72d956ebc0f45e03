import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { loginToken } from '../../../functions/adapters/postgres/login-token.ts';
import { runSql } from '../../../functions/adapters/postgres/sql-function.ts';
import { checkProperties } from '../../../infra/local/cloudformation/specification/check-properties.ts';
import { createIam } from '../../../infra/local/iam/iam.ts';
import { createPostgres } from '../../../infra/local/postgres/postgres.ts';
import { readPostmaster } from '../../../infra/local/postgres/postmaster.ts';
import { socketFolderOf } from '../../../infra/local/postgres/socket-folder.ts';
import { openStore } from '../../../infra/local/store.ts';
import { memoryFolder } from '../../support/memory-folder.ts';
import { create, resourceRequest, testWorld } from '../test-world.ts';

const TYPE = 'AWS::RDS::DBInstance';
const PROPERTIES = {
  DBInstanceIdentifier: 'main',
  Engine: 'postgres',
  MasterUsername: 'postgres',
  MasterUserPassword: 'first-password',
  EnableIAMDatabaseAuthentication: true,
};
const TRUST = {
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs-tasks.amazonaws.com' } }],
};

/** A cloud with one instance that takes tokens, in a folder of its own. */
const startedInstance = async (directory: string, store = openStore()) => {
  const world = testWorld({ store });
  const iam = createIam(world);
  const part = createPostgres(world, { directory, serverUrl: '', iam });
  const { attributes } = await create(part, TYPE, 'Main', PROPERTIES);
  const port = Number(attributes['Endpoint.Port']);
  const resourceId = String(attributes['DbiResourceId']);
  const put = async (RoleName: string, users: readonly string[]) =>
    create(iam, 'AWS::IAM::Role', RoleName, {
      RoleName,
      AssumeRolePolicyDocument: TRUST,
      Policies: [{ PolicyName: 'login', PolicyDocument: allowing(users.map((user) => `${resourceId}/${user}`)) }],
    });
  const sign = (role: string, user: string, agoMillis = 0) =>
    loginToken(
      { host: '127.0.0.1', port, user },
      { ...iam.credentialsFor(`arn:aws:iam::${world.account}:role/${role}`, 'task'), region: world.region },
      new Date(Date.now() - agoMillis),
    );
  return { world, part, port, put, sign };
};

const allowing = (users: readonly string[]) => ({
  Statement: [
    {
      Effect: 'Allow',
      Action: 'rds-db:connect',
      Resource: users.map((user) => `arn:aws:rds-db:eu-central-1:111122223333:dbuser:${user}`),
    },
  ],
});

interface Login {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database?: string;
}

const connected = async (login: Login) => {
  const client = new pg.Client({ host: '127.0.0.1', database: 'postgres', ...login });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

const query = async (login: Login, sql: string) => {
  const client = await connected(login);
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

let directory: string;
let cloud: Awaited<ReturnType<typeof startedInstance>>;
let master: Login;
beforeAll(async () => {
  directory = memoryFolder('iam-logins-');
  cloud = await startedInstance(directory);
  master = { port: cloud.port, user: 'postgres', password: 'first-password' };
  await query(
    master,
    `CREATE ROLE administrator LOGIN CREATEDB CREATEROLE; GRANT rds_iam TO administrator WITH ADMIN OPTION;
     CREATE ROLE shop LOGIN PASSWORD 'of-shop'; GRANT rds_iam TO shop;
     CREATE ROLE plain LOGIN PASSWORD 'of-plain'`,
  );
  await cloud.put('admin-role', ['administrator']);
  await cloud.put('shop-role', ['shop']);
});
afterAll(async () => {
  await cloud?.part.stop?.();
  rmSync(directory, { recursive: true });
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const shop = async (): Promise<Login> => ({
  port: cloud.port,
  user: 'shop',
  password: await cloud.sign('shop-role', 'shop'),
});

test('AWS knows the property', () => {
  expect(checkProperties(TYPE, { ...PROPERTIES, DBInstanceClass: 'db.t4g.micro' })).toEqual([]);
});

test('a member of rds_iam logs in with a token, as itself', async () => {
  expect(await query(await shop(), 'SELECT session_user AS name')).toEqual([{ name: 'shop' }]);
});

test('the function that speaks SQL logs an administrator in without a password, who makes what an application needs', async () => {
  const { port } = cloud;
  const connection = { host: '127.0.0.1', port, user: 'administrator', database: 'postgres', tls: false };
  const sign = ({ user }: { readonly user: string }) => cloud.sign('admin-role', user);
  const texts = [
    'CREATE ROLE pay LOGIN',
    'GRANT rds_iam TO pay',
    'GRANT pay TO administrator',
    'CREATE DATABASE pay OWNER pay',
    'SELECT session_user AS name',
  ];
  const answer = await runSql({ connection, statements: texts.map((text) => ({ text })) }, sign);
  expect(answer).toEqual({ kind: 'rows', results: [[], [], [], [], [{ name: 'administrator' }]] });
  await cloud.put('pay-role', ['pay']);
  const login = { port, user: 'pay', password: await cloud.sign('pay-role', 'pay'), database: 'pay' };
  await query(login, 'CREATE TABLE made (n int)');
  expect(await query(login, 'SELECT tableowner FROM pg_tables WHERE tablename = $$made$$')).toEqual([
    { tableowner: 'pay' },
  ]);
});

test('a member of rds_iam has no password any more, right or wrong: as RDS says it, and the log says why', async () => {
  const refused = query({ port: cloud.port, user: 'shop', password: 'of-shop' }, 'SELECT 1');
  await expect(refused).rejects.toMatchObject({
    code: '28000',
    severity: 'FATAL',
    message: 'PAM authentication failed for user "shop"',
  });
  expect(cloud.world.lines.at(-1)).toBe('PostgreSQL of main: shop is refused: what was given for a token is none');
});

test('a token of another role, or for another user, lets nobody in, and stands in no log', async () => {
  const other = await cloud.sign('admin-role', 'shop');
  await expect(query({ ...(await shop()), password: other }, 'SELECT 1')).rejects.toThrow('PAM authentication failed');
  expect(cloud.world.lines.at(-1)).toMatch(/shop is refused: .*admin-role\/task is not authorized.*rds-db:connect/);
  const forAdmin = await cloud.sign('admin-role', 'administrator');
  await expect(query({ ...(await shop()), password: forAdmin }, 'SELECT 1')).rejects.toThrow('PAM authentication');
  const said = cloud.world.lines.join('\n');
  for (const token of [other, forAdmin]) {
    expect(said).not.toContain(token);
    expect(said).not.toContain(/Signature=(\w+)/.exec(token)?.[1]);
  }
});

test('a right that is taken away closes the door, and leaves who is inside', async () => {
  await query(master, 'CREATE ROLE brief LOGIN; GRANT rds_iam TO brief');
  await cloud.put('brief-role', ['brief']);
  const login = { port: cloud.port, user: 'brief', password: await cloud.sign('brief-role', 'brief') };
  const client = await connected(login);
  await cloud.put('brief-role', ['nobody']);
  await expect(query(login, 'SELECT 1')).rejects.toThrow('PAM authentication failed for user "brief"');
  expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  await client.end();
});

test('everybody else logs in with a password, the master user too, whom RDS lets give rds_iam away', async () => {
  const plain = { port: cloud.port, user: 'plain', password: 'of-plain' };
  expect(await query(plain, 'SELECT session_user AS name')).toEqual([{ name: 'plain' }]);
  await expect(query({ ...plain, password: 'wrong' }, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  await expect(query({ ...plain, user: 'nobody' }, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  await query(master, 'GRANT shop TO postgres');
  expect(await query(master, 'SELECT session_user AS name')).toEqual([{ name: 'postgres' }]);
});

test('a role that is granted one with rds_iam has no password login any more', async () => {
  await query(master, "CREATE ROLE member LOGIN PASSWORD 'of-member'");
  const login = { port: cloud.port, user: 'member', password: 'of-member' };
  await query(login, 'SELECT 1');
  await query(master, 'GRANT shop TO member');
  await expect(query(login, 'SELECT 1')).rejects.toThrow('PAM authentication failed for user "member"');
});

test('nobody gets around the door: not by a name that is cut off, not by the port behind it', async () => {
  const long = 'l'.repeat(63);
  await query(master, `CREATE ROLE ${long} LOGIN PASSWORD 'of-long'; GRANT rds_iam TO ${long}`);
  await expect(query({ port: cloud.port, user: `${long}more`, password: 'of-long' }, 'SELECT 1')).rejects.toMatchObject(
    { code: '28000' },
  );
  const behind = readPostmaster(join(directory, 'main', 'data'))?.port ?? 0;
  expect(behind).not.toBe(cloud.port);
  await expect(query({ port: behind, user: 'shop', password: 'of-shop' }, 'SELECT 1')).rejects.toThrow(
    'pg_hba.conf rejects connection',
  );
  expect(statSync(socketFolderOf(join(directory, 'main'))).mode & 0o777).toBe(0o700);
});

test('many connect at once, and each is answered by its own', async () => {
  const pool = new pg.Pool({ host: '127.0.0.1', database: 'postgres', max: 20, ...(await shop()) });
  const numbers = Array.from({ length: 60 }, (_, n) => n);
  const answers = await Promise.all(
    numbers.map((n) => pool.query('SELECT $1::int AS n, pg_backend_pid() AS pid', [n])),
  );
  expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(numbers);
  expect(new Set(answers.map(({ rows }) => rows[0]?.pid)).size).toBeGreaterThan(1);
  await pool.end();
});

test('large things pass whole in both directions', async () => {
  const client = await connected(await shop());
  const bytes = 24 * 1024 ** 2;
  const text = 'x'.repeat(bytes);
  const { rows } = await client.query('SELECT length($1) AS length, $1 AS text', [text]);
  expect(rows[0]?.length).toBe(bytes);
  expect(rows[0]?.text === text).toBe(true);
  await client.end();
});

test('who reads slowly is sent no more than they take', async () => {
  const client = await connected(await shop());
  const { processID, connection } = client as unknown as { processID: number; connection: { stream: Socket } };
  const large = client.query("SELECT repeat('x', 1000) FROM generate_series(1, 64000)");
  connection.stream.pause();
  const state = async () => {
    const [row] = await query(master, `SELECT state, wait_event FROM pg_stat_activity WHERE pid = ${processID}`);
    return row;
  };
  while ((await state())?.wait_event !== 'ClientWrite');
  for (let looks = 0; looks < 10; looks++) expect((await state())?.state).toBe('active');
  connection.stream.resume();
  expect((await large).rowCount).toBe(64_000);
  await client.end();
});

test('a query that a client cancels is cancelled', async () => {
  const client = await connected(await shop());
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
  const slow = client.query('SELECT pg_sleep(20)');
  const packet = Buffer.alloc(16);
  for (const [at, value] of [16, 80877102, processID, secretKey].entries()) packet.writeInt32BE(value, at * 4);
  // Until the query has begun there is nothing to cancel.
  const begun = `SELECT FROM pg_stat_activity WHERE pid = ${processID} AND wait_event = 'PgSleep'`;
  while ((await query(master, begun)).length === 0);
  const socket = connect(cloud.port, '127.0.0.1', () => socket.write(packet));
  await once(socket.resume(), 'close');
  await expect(slow).rejects.toMatchObject({ code: '57014' });
  await client.end();
});

test('encryption is not to be had, and what is no client of PostgreSQL is sent away', async () => {
  await expect(
    new pg.Client({ host: '127.0.0.1', ssl: true, ...(await shop()), database: 'postgres' }).connect(),
  ).rejects.toThrow('The server does not support SSL connections');
  for (const words of ['GET / HTTP/1.1\r\n\r\n', '\0\0\0\x05x', '\x7f\xff\xff\xff\0\0\0\0']) {
    const socket = connect(cloud.port, '127.0.0.1', () => socket.write(words));
    await once(socket.resume(), 'close');
  }
  const gone = connect(cloud.port, '127.0.0.1', () => gone.end('\0\0'));
  await once(gone.resume(), 'close');
  expect(await query(await shop(), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

test('a token that is a day old is refused; a new one is good by the clock of the cloud, which may leap, and by that of the machine', async () => {
  const old = { ...(await shop()), password: await cloud.sign('shop-role', 'shop', 24 * 3_600_000) };
  await expect(query(old, 'SELECT 1')).rejects.toThrow('PAM authentication failed');
  expect(cloud.world.lines.at(-1)).toBe('PostgreSQL of main: shop is refused: the token has expired');
  await cloud.world.clock.advance(24 * 3_600_000);
  await query(await shop(), 'SELECT 1');
  const leapt = cloud.world.clock.now() - Date.now();
  await query({ ...(await shop()), password: await cloud.sign('shop-role', 'shop', -leapt) }, 'SELECT 1');
  const between = { ...(await shop()), password: await cloud.sign('shop-role', 'shop', -leapt / 2) };
  await expect(query(between, 'SELECT 1')).rejects.toThrow('PAM authentication failed');
});

const otherFolder = () => {
  const folder = memoryFolder('iam-logins-');
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

test('after a stop, and with the property taken away or given back, the instance is where it was; deletion leaves nothing', async () => {
  const folder = otherFolder();
  const store = openStore();
  const first = await startedInstance(folder, store);
  cleanups.push(() => first.part.stop?.());
  const sockets = socketFolderOf(join(folder, 'main'));
  const own = { port: first.port, user: 'postgres', password: 'first-password' };
  await query(own, "CREATE ROLE app LOGIN PASSWORD 'of-app'; GRANT rds_iam TO app");
  await first.put('app-role', ['app']);
  const token = async () => ({ port: first.port, user: 'app', password: await first.sign('app-role', 'app') });
  const inside = await connected(await token());
  const cutOff = new Promise((resolve) => inside.once('error', resolve));
  await first.part.stop?.();
  expect(await cutOff).toMatchObject({ code: '57P01' });
  expect(existsSync(sockets)).toBe(false);
  await expect(query(own, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  await first.part.start?.();
  await query(await token(), 'SELECT 1');

  const { EnableIAMDatabaseAuthentication: _, ...without } = PROPERTIES;
  const change = (previous: object, properties: Record<string, unknown>) =>
    first.part.resources?.[TYPE]?.update({
      ...resourceRequest(TYPE, 'Main', properties),
      physicalId: 'main',
      previous: { ...previous },
    });
  expect((await change(PROPERTIES, without))?.attributes['Endpoint.Port']).toBe(String(first.port));
  expect(existsSync(sockets)).toBe(false);
  await query({ port: first.port, user: 'app', password: 'of-app' }, 'SELECT 1');
  expect((await change(without, PROPERTIES))?.attributes['Endpoint.Port']).toBe(String(first.port));
  await query(await token(), 'SELECT 1');

  await first.part.resources?.[TYPE]?.delete({ ...resourceRequest(TYPE, 'Main', PROPERTIES), physicalId: 'main' });
  await expect(query(own, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  expect(existsSync(sockets)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});

test('when the cloud is killed its server runs on, and the next one takes it over and opens the door on the same port', async () => {
  const folder = otherFolder();
  const file = join(folder, 'cloud.db');
  const here = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const script = `
    import { createIam } from ${here('../../../infra/local/iam/iam.ts')};
    import { createPostgres } from ${here('../../../infra/local/postgres/postgres.ts')};
    import { openStore } from ${here('../../../infra/local/store.ts')};
    import { create, testWorld } from ${here('../test-world.ts')};
    const world = testWorld({ store: openStore(${JSON.stringify(file)}) });
    const part = createPostgres(world, { directory: ${JSON.stringify(folder)}, serverUrl: '', iam: createIam(world) });
    const { attributes } = await create(part, '${TYPE}', 'Main', ${JSON.stringify(PROPERTIES)});
    console.log(attributes['Endpoint.Port']);`;
  const killed = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(killed.stdout, 'data');
  const own = { port: Number(line), user: 'postgres', password: 'first-password' };
  await query(own, 'CREATE ROLE app LOGIN; GRANT rds_iam TO app');
  const [{ started } = {}] = await query(own, 'SELECT pg_postmaster_start_time() AS started');
  killed.kill('SIGKILL');
  await once(killed, 'close');
  await expect(query(own, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');

  const store = openStore(file);
  cleanups.push(() => store.close());
  const world = testWorld({ store });
  const part = createPostgres(world, { directory: folder, serverUrl: '', iam: createIam(world) });
  cleanups.push(() => part.stop?.());
  await part.start?.();
  const next = await startedInstance(folder, store);
  expect(next.port).toBe(own.port);
  expect(await query(own, 'SELECT pg_postmaster_start_time() AS started')).toEqual([{ started }]);
  await next.put('app-role', ['app']);
  const login = { port: own.port, user: 'app', password: await next.sign('app-role', 'app') };
  expect(await query(login, 'SELECT session_user AS name')).toEqual([{ name: 'app' }]);
});

test('without a server of its own, or without IAM, such an instance is refused and nothing is made', async () => {
  const folder = otherFolder();
  const world = testWorld();
  const options = { directory: folder, serverUrl: 'postgresql://someone:hidden@127.0.0.1:1/postgres' };
  const given = createPostgres(world, { ...options, iam: createIam(world) });
  await expect(create(given, TYPE, 'Main', PROPERTIES)).rejects.toThrow(
    'EnableIAMDatabaseAuthentication needs a server of its own, in front of which tokens are checked, but SLIPWAY_POSTGRES_URL names one',
  );
  const alone = createPostgres(world, { directory: folder, serverUrl: '' });
  await expect(create(alone, TYPE, 'Main', PROPERTIES)).rejects.toThrow('needs IAM beside RDS');
  expect(readdirSync(folder)).toEqual([]);
});
