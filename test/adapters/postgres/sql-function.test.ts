import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runSql } from '../../../functions/adapters/postgres/sql-function.ts';
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
  expect(await runSql({ connection, statements: [{ text: 'SELECT pg_sleep(5)' }] }, limits)).toMatchObject({
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
