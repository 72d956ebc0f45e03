import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { runSql } from '../../../functions/adapters/postgres/sql-function.ts';
import {
  appliedFrom,
  appliedVersions,
  namesFrom,
  plainTypes,
  relationRows,
  rowsFrom,
} from '../../../functions/domain/database/measure.ts';
import type { Statement } from '../../../functions/domain/database/statement.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

let postgres: TestPostgres;
let client: Client;

beforeAll(async () => {
  postgres = await startTestPostgres();
  client = new Client({ connectionString: postgres.superuserUrl });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await postgres.stop();
});

const ask = (statement: Statement) => {
  const { hostname: host, port, username: user, password, pathname } = new URL(postgres.superuserUrl);
  const connection = { host, port: Number(port), user, password, database: pathname.slice(1), tls: false };
  return runSql({ connection, statements: [statement] });
};

const rowsOf = async (statement: Statement) => {
  const answer = await ask(statement);
  if (answer.kind === 'failed') throw new Error(answer.message);
  return answer.results[0] ?? [];
};

test('rows of tables: empty, never analysed, analysed, grown since, partitioned, missing', async () => {
  await client.query('ALTER SYSTEM SET autovacuum = off');
  await client.query('SELECT pg_reload_conf()');
  await client.query(`
    CREATE TABLE empty (id int);
    CREATE TABLE fresh (id int); INSERT INTO fresh SELECT generate_series(1, 10);
    CREATE TABLE known (id int); INSERT INTO known SELECT generate_series(1, 5000);
    CREATE TABLE grown (id int); INSERT INTO grown SELECT generate_series(1, 1000);
    CREATE TABLE "Parted" (id int) PARTITION BY RANGE (id);
    CREATE TABLE low PARTITION OF "Parted" FOR VALUES FROM (0) TO (3001);
    CREATE TABLE high PARTITION OF "Parted" FOR VALUES FROM (3001) TO (9999);
    INSERT INTO "Parted" SELECT generate_series(1, 5000);
    CREATE VIEW looked AS SELECT 1;
  `);
  for (const table of ['known', 'grown', 'low', 'high']) await client.query(`ANALYZE ${table}`);
  await client.query('INSERT INTO grown SELECT generate_series(1, 99000)');
  const names = ['empty', 'fresh', 'known', 'grown', 'Parted', 'looked', 'none'].map((name) => `public.${name}`);
  const rows = rowsFrom(await rowsOf(relationRows(names)));
  expect(rows).toMatchObject({
    'public.empty': 0,
    'public.fresh': -1,
    'public.known': 5000,
    'public.Parted': 5000,
    'public.looked': -1,
    'public.none': null,
  });
  expect(rows['public.grown']).toBeGreaterThan(80_000);
  await client.query(
    'INSERT INTO low SELECT 1 FROM generate_series(1, 5000); CREATE TABLE more PARTITION OF "Parted" DEFAULT; INSERT INTO more VALUES (10000)',
  );
  expect(rowsFrom(await rowsOf(relationRows(['public.Parted'])))).toEqual({ 'public.Parted': -1 });
});

test('nothing asked is nothing answered', async () => {
  expect(await rowsOf(relationRows([]))).toEqual([]);
  expect(await rowsOf(plainTypes([]))).toEqual([]);
});

test('enums, composites and ranges are plain types, domains and missing ones are not', async () => {
  await client.query(`CREATE TYPE colour AS ENUM ('a'); CREATE TYPE pair AS (a int); CREATE DOMAIN positive AS int;
    CREATE TYPE span AS RANGE (subtype = float8)`);
  const names = ['public.colour', 'public.pair', 'public.positive', 'public.span', 'public.none'];
  expect(namesFrom(await rowsOf(plainTypes(names)))).toEqual(['public.colour', 'public.pair', 'public.span']);
});

test('a missing version table means that nothing was applied; other refusals mean nothing', async () => {
  await client.query('DROP TABLE IF EXISTS schema_migrations');
  expect(appliedFrom(await ask(appliedVersions))).toEqual({ ids: [], dirty: false });
  expect(appliedFrom({ kind: 'failed', statement: 0, code: '42501', message: 'denied' })).toBeUndefined();
});

test("dbmate's version table, and one of another tool with its dirty mark", async () => {
  await client.query('DROP TABLE IF EXISTS schema_migrations');
  await client.query(
    "CREATE TABLE schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('2'), ('10')",
  );
  expect(appliedFrom(await ask(appliedVersions))).toEqual({ ids: ['10', '2'], dirty: false });
  await client.query(
    'DROP TABLE schema_migrations; CREATE TABLE schema_migrations (version bigint, dirty boolean); INSERT INTO schema_migrations VALUES (7, true)',
  );
  expect(appliedFrom(await ask(appliedVersions))).toEqual({ ids: ['7'], dirty: true });
});
