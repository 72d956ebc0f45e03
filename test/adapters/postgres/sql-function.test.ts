import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loginToken } from '../../../functions/adapters/postgres/login-token.ts';
import { runSql, type SignLogin } from '../../../functions/adapters/postgres/sql-function.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

let postgres: TestPostgres;
let connection: { host: string; port: number; user: string; password: string; database: string; tls: boolean };

beforeAll(async () => {
  postgres = await startTestPostgres();
  const { hostname: host, port, username: user, password, pathname } = new URL(postgres.adminUrl);
  connection = { host, port: Number(port), user, password, database: pathname.slice(1), tls: false };
});

afterAll(() => postgres.stop());

const run = (statements: readonly { text: string; values?: unknown[] }[], transaction = false) =>
  runSql({ connection, statements, transaction });

test('rows come back by statement, and the server sees who asks', async () => {
  expect(
    await run([
      { text: 'SELECT $1::int AS n, $2::text[] AS words', values: [1, ['a', 'b']] },
      { text: "SELECT current_setting('application_name') AS name" },
      { text: 'SELECT 1 WHERE false' },
    ]),
  ).toEqual({ kind: 'rows', results: [[{ n: 1, words: ['a', 'b'] }], [{ name: 'slipway' }], []] });
});

test('a refused statement ends the list, is named, and what came before it stays', async () => {
  expect(
    await run([{ text: 'CREATE TABLE kept (id int)' }, { text: 'SELECT * FROM nowhere' }, { text: 'DROP TABLE kept' }]),
  ).toEqual({
    kind: 'failed',
    statement: 1,
    code: '42P01',
    message: 'relation "nowhere" does not exist',
  });
  expect((await run([{ text: 'SELECT FROM kept' }])).kind).toBe('rows');
});

test('in a transaction nothing stays', async () => {
  expect(await run([{ text: 'CREATE TABLE gone (id int)' }, { text: 'SELECT * FROM nowhere' }], true)).toMatchObject({
    kind: 'failed',
    statement: 1,
  });
  expect(await run([{ text: 'SELECT FROM gone' }])).toMatchObject({ kind: 'failed', code: '42P01' });
  expect(await run([{ text: 'SELECT 1 AS n' }, { text: 'SELECT 2 AS n' }], true)).toEqual({
    kind: 'rows',
    results: [[{ n: 1 }], [{ n: 2 }]],
  });
});

test('what is only refused at COMMIT belongs to the last statement', async () => {
  await run([
    { text: 'CREATE TABLE pa (id int PRIMARY KEY)' },
    { text: 'CREATE TABLE ch (p int REFERENCES pa DEFERRABLE INITIALLY DEFERRED)' },
  ]);
  expect(await run([{ text: 'SELECT 1' }, { text: 'INSERT INTO ch VALUES (1)' }], true)).toMatchObject({
    kind: 'failed',
    statement: 1,
    code: '23503',
  });
});

test('a server that cannot be reached, and a login it refuses, are failures before the first statement', async () => {
  expect(await runSql({ connection: { ...connection, port: 1 }, statements: [] })).toMatchObject({
    kind: 'failed',
    statement: -1,
    code: 'ECONNREFUSED',
  });
  expect(await runSql({ connection: { ...connection, password: 'wrong' }, statements: [] })).toMatchObject({
    kind: 'failed',
    statement: -1,
    code: '28P01',
  });
  expect(await runSql({ connection: { ...connection, tls: true }, statements: [] })).toMatchObject({
    kind: 'failed',
    statement: -1,
  });
});

test('a statement that takes too long, or waits too long for a lock, is ended', async () => {
  const limits = { connectMillis: 2000, statementMillis: 30, lockMillis: 3000 };
  expect(await runSql({ connection, statements: [{ text: 'SELECT pg_sleep(5)' }] }, undefined, limits)).toMatchObject({
    kind: 'failed',
    code: '57014',
  });
});

test('no message ever repeats a password', async () => {
  const answer = await run([{ text: "CREATE ROLE \"x\" PASSWORD 'it''s secret' it's secret" }]);
  expect(answer).toMatchObject({ kind: 'failed', code: '42601' });
  expect(JSON.stringify(await run([{ text: `SELECT '${connection.password}'::int` }]))).not.toContain(
    connection.password,
  );
  expect(
    JSON.stringify(
      await run([{ text: "DO $$ BEGIN RAISE EXCEPTION 'hunter2'; END $$; ALTER ROLE x PASSWORD 'hunter2'" }]),
    ),
  ).not.toContain('hunter2');
});

test('a request of another form is refused before anything is connected', async () => {
  await expect(runSql({ connection, statements: 'DROP TABLE x' })).rejects.toThrow();
});

test('without TLS nothing leaves the machine: neither the password nor a statement is sent anywhere', async () => {
  for (const host of ['db.example', '10.0.0.5', '127.evil.example'])
    await expect(runSql({ connection: { ...connection, host }, statements: [] })).rejects.toThrow(
      'a connection without TLS may not leave the machine',
    );
});

const passwordless = () => {
  const { password: _, ...rest } = connection;
  return rest;
};

test('without a password each connection is opened with a login of its own, signed for this server and user', async () => {
  const asked: unknown[] = [];
  const sign: SignLogin = async (login) => {
    asked.push(login);
    return connection.password;
  };
  const request = { connection: passwordless(), statements: [{ text: 'SELECT current_user AS name' }] };
  const answer = { kind: 'rows', results: [[{ name: connection.user }]] };
  expect(await runSql(request, sign)).toEqual(answer);
  expect(await runSql(request, sign)).toEqual(answer);
  const { host, port, user } = connection;
  expect(asked).toEqual([
    { host, port, user },
    { host, port, user },
  ]);
});

test('a password that is there is used, and nothing is signed', async () => {
  const sign: SignLogin = () => Promise.reject(new Error('signed'));
  expect((await runSql({ connection, statements: [] }, sign)).kind).toBe('rows');
});

test('without a password and without a signer nothing is connected', async () => {
  await expect(runSql({ connection: passwordless(), statements: [] })).rejects.toThrow(
    `${connection.user} has no password on ${connection.host}, and nothing here signs a token of IAM`,
  );
});

test('a token leaves the machine with TLS alone: nothing is signed for a server elsewhere that has none', async () => {
  const sign: SignLogin = () => Promise.reject(new Error('signed'));
  const elsewhere = { ...passwordless(), host: '10.0.0.5' };
  await expect(runSql({ connection: elsewhere, statements: [] }, sign)).rejects.toThrow(
    'a connection without TLS may not leave the machine',
  );
});

/** A server that asks for the password as it is, and repeats it whole and in parts in its refusal. */
const startGossip = async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
      socket.once('data', (message) => {
        const token = message.toString('utf8', 5, message.length - 1);
        const words = [token, ...token.split('&'), decodeURIComponent(token)].join(' ');
        const fields = Buffer.from(`SFATAL\0C28000\0M${words}\0\0`);
        const head = Buffer.from([0x45, 0, 0, 0, 0]);
        head.writeInt32BE(fields.length + 4, 1);
        socket.end(Buffer.concat([head, fields]));
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, close: () => server.close() };
};

test('no message ever repeats a token, nor its signature, session or key, however it is spelt', async () => {
  const gossip = await startGossip();
  const signer = {
    region: 'eu-west-1',
    accessKeyId: 'ASIAEXAMPLEEXAMPLE00',
    secretAccessKey: 'secret',
    sessionToken: 'a/session+token==',
  };
  const tokens: string[] = [];
  const sign: SignLogin = async (login) => {
    const token = await loginToken(login, signer, new Date('2026-11-21T16:00:00Z'));
    tokens.push(token);
    return token;
  };
  const answer = await runSql({ connection: { ...passwordless(), port: gossip.port }, statements: [] }, sign);
  gossip.close();
  expect(answer).toMatchObject({ kind: 'failed', statement: -1, code: '28000' });
  const said = JSON.stringify(answer);
  expect(said).toContain('Action=connect');
  const signature = /X-Amz-Signature=(\w+)/.exec(tokens[0] ?? '')?.[1] ?? 'no signature';
  for (const part of [signature, 'a/session+token==', 'a%2Fsession%2Btoken%3D%3D', 'ASIAEXAMPLEEXAMPLE00'])
    expect(said).not.toContain(part);
});
