import { expect, test } from '@jest/globals';
import { classify } from '../../../functions/domain/migrations/classify.ts';
import { emptyContext } from '../../../functions/domain/migrations/created.ts';
import { classified, lastOf } from './classified.ts';

// One row per example of the reference's tables of classes: statement, compatibility, lock, existing tables locked.
test.each([
  // EXPAND
  ['CREATE TABLE new (id bigint PRIMARY KEY)', 'EXPAND', 'L0', ''],
  ['ALTER TABLE orders ADD COLUMN note text', 'EXPAND', 'L1', 'orders'],
  ['ALTER TABLE orders ADD COLUMN n int NOT NULL DEFAULT 0', 'EXPAND', 'L1', 'orders'],
  ['ALTER TABLE orders ADD COLUMN at timestamptz DEFAULT now()', 'EXPAND', 'L1', 'orders'],
  ["ALTER TABLE orders ADD COLUMN at timestamp DEFAULT (now() AT TIME ZONE 'utc')", 'EXPAND', 'L1', 'orders'],
  ["ALTER TABLE orders ADD COLUMN tags text[] NOT NULL DEFAULT '{}'", 'EXPAND', 'L1', 'orders'],
  ["ALTER TABLE orders ADD COLUMN data jsonb DEFAULT '{}'::jsonb", 'EXPAND', 'L1', 'orders'],
  ['ALTER TABLE orders ADD COLUMN n int DEFAULT -1 * 2', 'EXPAND', 'L1', 'orders'],
  ['CREATE INDEX i ON orders (customer)', 'EXPAND', 'L2', 'orders'],
  ['CREATE INDEX ON orders (lower(customer)) WHERE amount > 0', 'EXPAND', 'L2', 'orders'],
  ["ALTER TYPE status ADD VALUE 'sent'", 'EXPAND', 'L0', ''],
  ["ALTER TYPE status ADD VALUE IF NOT EXISTS 'sent'", 'EXPAND', 'L0', ''],
  ['ALTER TABLE orders ALTER COLUMN note DROP NOT NULL', 'EXPAND', 'L1', 'orders'],
  ["ALTER TABLE orders ALTER COLUMN note SET DEFAULT 'x'", 'EXPAND', 'L1', 'orders'],
  ['CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$', 'EXPAND', 'L0', ''],
  ['CREATE VIEW v AS SELECT * FROM orders', 'EXPAND', 'L0', ''],
  ["CREATE TYPE colour AS ENUM ('red')", 'EXPAND', 'L0', ''],
  ['CREATE DOMAIN positive AS int CHECK (VALUE > 0)', 'EXPAND', 'L0', ''],
  ['CREATE SEQUENCE s', 'EXPAND', 'L0', ''],
  ['CREATE SCHEMA app', 'EXPAND', 'L0', ''],
  ['CREATE EXTENSION IF NOT EXISTS pgcrypto', 'EXPAND', 'L0', ''],
  ["INSERT INTO countries VALUES ('de'), ('fr') ON CONFLICT DO NOTHING", 'EXPAND', 'L0', 'countries'],
  // NEUTRAL
  ['CREATE INDEX CONCURRENTLY i ON orders (customer)', 'NEUTRAL', 'L0', 'orders'],
  ['ALTER TABLE orders VALIDATE CONSTRAINT c', 'NEUTRAL', 'L0', 'orders'],
  ['ANALYZE orders', 'NEUTRAL', 'L0', 'orders'],
  ["COMMENT ON COLUMN orders.note IS 'x'", 'NEUTRAL', 'L0', ''],
  ['GRANT SELECT ON orders TO reader', 'NEUTRAL', 'L0', ''],
  ['GRANT a TO b', 'NEUTRAL', 'L0', ''],
  ['ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader', 'NEUTRAL', 'L0', ''],
  ["SET lock_timeout = '2s'", 'NEUTRAL', 'L0', ''],
  ['SET LOCAL lock_timeout TO 5000', 'NEUTRAL', 'L0', ''],
  ["SELECT pg_catalog.set_config('search_path', '', false)", 'NEUTRAL', 'L0', ''],
  ['REINDEX TABLE CONCURRENTLY orders', 'NEUTRAL', 'L0', ''],
  ['ALTER TABLE orders ADD CONSTRAINT u UNIQUE USING INDEX i', 'NEUTRAL', 'L1', 'orders'],
  // TIGHTEN
  ['ALTER TABLE orders ALTER COLUMN note SET NOT NULL', 'TIGHTEN', 'L3', 'orders'],
  ['ALTER TABLE orders ADD CHECK (amount > 0)', 'TIGHTEN', 'L3', 'orders'],
  ['ALTER TABLE orders ADD CONSTRAINT c CHECK (amount > 0) NOT VALID', 'TIGHTEN', 'L1', 'orders'],
  ['ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers', 'TIGHTEN', 'L2', 'orders customers'],
  [
    'ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES customers NOT VALID',
    'TIGHTEN',
    'L1',
    'orders customers',
  ],
  ['ALTER TABLE orders ADD UNIQUE (number)', 'TIGHTEN', 'L3', 'orders'],
  ['ALTER TABLE orders ADD PRIMARY KEY (id)', 'TIGHTEN', 'L3', 'orders'],
  ['CREATE UNIQUE INDEX i ON orders (number)', 'TIGHTEN', 'L2', 'orders'],
  ['CREATE UNIQUE INDEX CONCURRENTLY i ON orders (number)', 'TIGHTEN', 'L0', 'orders'],
  ["CREATE INDEX i ON orders (((data ->> 'n')::int))", 'TIGHTEN', 'L2', 'orders'],
  ['CREATE TRIGGER t AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION f()', 'TIGHTEN', 'L1', 'orders'],
  ['ALTER TABLE orders ADD COLUMN n int NOT NULL', 'TIGHTEN', 'L3', 'orders'],
  ['ALTER TABLE orders ADD COLUMN n int NOT NULL DEFAULT NULL', 'TIGHTEN', 'L3', 'orders'],
  ['ALTER TABLE orders ALTER COLUMN note DROP DEFAULT', 'TIGHTEN', 'L1', 'orders'],
  ["ALTER TYPE status ADD VALUE 'x' BEFORE 'y'", 'TIGHTEN', 'L0', ''],
  // CONTRACT
  ['ALTER TABLE orders DROP COLUMN note', 'CONTRACT', 'L1', 'orders'],
  ['ALTER TABLE orders RENAME COLUMN note TO remark', 'CONTRACT', 'L1', 'orders'],
  ['ALTER TABLE orders RENAME TO sales', 'CONTRACT', 'L1', 'orders'],
  ['ALTER TYPE status RENAME TO state', 'CONTRACT', 'L1', ''],
  ["ALTER TYPE status RENAME VALUE 'a' TO 'b'", 'CONTRACT', 'L0', ''],
  ['ALTER TABLE orders ALTER COLUMN n TYPE bigint', 'CONTRACT', 'L3', 'orders *'],
  ['DROP TABLE orders', 'CONTRACT', 'L1', 'orders'],
  ['DROP TABLE app.orders CASCADE', 'CONTRACT', 'L1', 'app.orders'],
  ['DROP VIEW v', 'CONTRACT', 'L1', 'v'],
  ['DROP FUNCTION f(int)', 'CONTRACT', 'L0', ''],
  ['DROP TYPE status', 'CONTRACT', 'L0', ''],
  ['DROP INDEX i', 'CONTRACT', 'L1', 'i'],
  ['DROP INDEX CONCURRENTLY i', 'CONTRACT', 'L0', 'i'],
  ['DROP TRIGGER t ON app.orders', 'CONTRACT', 'L1', 'app.orders'],
  ['ALTER TABLE orders DROP CONSTRAINT c', 'CONTRACT', 'L1', 'orders'],
  ['ALTER TABLE orders SET SCHEMA app', 'CONTRACT', 'L1', 'orders'],
  ['ALTER TABLE orders OWNER TO someone', 'CONTRACT', 'L1', 'orders'],
  ['REVOKE SELECT ON orders FROM reader', 'CONTRACT', 'L0', ''],
  ['ALTER TABLE orders ENABLE ROW LEVEL SECURITY', 'CONTRACT', 'L1', 'orders'],
  ['CREATE POLICY p ON orders USING (true)', 'CONTRACT', 'L1', 'orders'],
  ['CREATE OR REPLACE VIEW v AS SELECT 1', 'CONTRACT', 'L1', 'v'],
  // DATA
  ['UPDATE orders SET n = 1', 'DATA', 'L2', 'orders'],
  ['DELETE FROM orders', 'DATA', 'L2', 'orders'],
  ['INSERT INTO orders SELECT * FROM old', 'DATA', 'L0', 'orders'],
  ['INSERT INTO orders VALUES (1) ON CONFLICT (id) DO UPDATE SET n = 2', 'DATA', 'L2', 'orders'],
  ['MERGE INTO orders USING s ON orders.id = s.id WHEN MATCHED THEN DELETE', 'DATA', 'L2', 'orders s'],
  ['WITH gone AS (DELETE FROM orders RETURNING *) SELECT count(*) FROM gone', 'DATA', 'L2', 'gone orders'],
  ['WITH orders AS (SELECT 1) DELETE FROM orders', 'DATA', 'L2', 'orders'],
  ['TRUNCATE orders', 'DATA', 'L1', 'orders'],
  ['CREATE TABLE copy AS SELECT * FROM orders', 'DATA', 'L0', ''],
  ['SELECT * INTO copy FROM orders', 'DATA', 'L0', ''],
  ["SELECT setval('s', 10)", 'DATA', 'L0', ''],
  ['SELECT * FROM orders FOR UPDATE', 'DATA', 'L2', 'orders'],
  ['COPY orders FROM STDIN', 'DATA', 'L0', 'orders'],
  // OPAQUE
  ["DO $$ BEGIN EXECUTE 'x'; END $$", 'OPAQUE', 'L3', ''],
  ['EXECUTE prepared', 'OPAQUE', 'L3', ''],
  ['CREATE TABLE copy AS EXECUTE prepared', 'OPAQUE', 'L3', ''],
  ['ALTER SCHEMA app RENAME TO old', 'CONTRACT', 'L1', ''],
  ['CALL p()', 'OPAQUE', 'L3', ''],
  ['SELECT backfill_orders()', 'OPAQUE', 'L3', ''],
  ['SELECT app.now()', 'OPAQUE', 'L3', ''],
  ['UPDATE orders SET n = f(n)', 'OPAQUE', 'L3', ''],
  ['ALTER TABLE orders ADD COLUMN n int DEFAULT next_number()', 'OPAQUE', 'L3', 'orders'],
  ['CREATE INDEX i ON orders (f(n))', 'OPAQUE', 'L3', 'orders'],
  ['CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$', 'OPAQUE', 'L0', ''],
  ['CREATE EXTENSION somebodys', 'OPAQUE', 'L3', ''],
  ['SET search_path TO app', 'OPAQUE', 'L3', ''],
  ['SET ROLE other', 'OPAQUE', 'L3', ''],
  ['SET lock_timeout = 0', 'OPAQUE', 'L3', ''],
  ["SET lock_timeout = '1min'", 'OPAQUE', 'L3', ''],
  ['RESET ALL', 'OPAQUE', 'L3', ''],
  ['SET standard_conforming_strings = off', 'OPAQUE', 'L3', ''],
  ['ROLLBACK', 'OPAQUE', 'L3', ''],
  ['CREATE RULE r AS ON INSERT TO orders DO ALSO NOTHING', 'OPAQUE', 'L3', ''],
  ['ALTER SYSTEM SET fsync = off', 'OPAQUE', 'L3', ''],
  ['ALTER DOMAIN d ADD CHECK (VALUE > 0)', 'OPAQUE', 'L3', ''],
  // Rewrites and scans under an exclusive lock
  ['ALTER TABLE orders ADD COLUMN id2 uuid DEFAULT gen_random_uuid()', 'EXPAND', 'L3', 'orders'],
  ['ALTER TABLE orders ADD COLUMN n serial', 'EXPAND', 'L3', 'orders'],
  ['ALTER TABLE orders ADD COLUMN n int GENERATED BY DEFAULT AS IDENTITY', 'EXPAND', 'L3', 'orders'],
  ['ALTER TABLE orders ADD COLUMN n int GENERATED ALWAYS AS (amount * 2) STORED', 'TIGHTEN', 'L3', 'orders'],
  ['ALTER TABLE orders ADD COLUMN s status', 'TIGHTEN', 'L3', 'orders'],
  ['ALTER TABLE orders ADD COLUMN c serial REFERENCES customers', 'TIGHTEN', 'L3', 'orders customers'],
  ['ALTER TABLE orders ALTER COLUMN note SET DEFAULT f()', 'TIGHTEN', 'L1', 'orders'],
  ['ALTER TABLE orders ADD COLUMN n int CHECK (n > 0)', 'TIGHTEN', 'L3', 'orders'],
  ['ALTER TABLE orders ADD COLUMN c int REFERENCES customers', 'EXPAND', 'L1', 'orders customers'],
  ['ALTER TABLE orders SET UNLOGGED', 'NEUTRAL', 'L3', 'orders'],
  ['VACUUM FULL orders', 'NEUTRAL', 'L3', 'orders'],
  ['CLUSTER orders USING i', 'NEUTRAL', 'L3', 'orders'],
  ['REINDEX TABLE orders', 'NEUTRAL', 'L3', ''],
  ['REFRESH MATERIALIZED VIEW m', 'NEUTRAL', 'L3', 'm'],
  ['CREATE TABLE p PARTITION OF events FOR VALUES IN (1)', 'EXPAND', 'L3', 'events'],
  ['ALTER TABLE events ATTACH PARTITION p FOR VALUES IN (1)', 'TIGHTEN', 'L3', 'events p'],
])('%s is %s and %s', async (sql, compatibility, lock, tables) => {
  const finding = await lastOf(sql);
  expect({ ...finding, tables: finding.tables.map((table) => table.replace('public.', '')).join(' ') }).toMatchObject({
    compatibility,
    lock,
    tables,
  });
  expect(finding.reason).not.toBe('');
});

test('the worst of an ALTER TABLE with several commands counts, and the reason names it', async () => {
  const finding = await lastOf('ALTER TABLE orders ADD COLUMN a int, DROP COLUMN b, ALTER COLUMN c SET NOT NULL');
  expect(finding).toMatchObject({ compatibility: 'CONTRACT', lock: 'L3' });
  expect(finding.reason).toBe(
    'drops orders.b, which the running release may still read; sets orders.c NOT NULL and reads every row under an exclusive lock',
  );
});

test.each([
  'ALTER TABLE orders ADD CONSTRAINT u UNIQUE USING INDEX i, ADD FOREIGN KEY (a) REFERENCES b',
  'ALTER TABLE orders ADD COLUMN a int, VALIDATE CONSTRAINT c',
])('one command holds its lock while another reads every row: %s', async (sql) => {
  expect(await lastOf(sql)).toMatchObject({ lock: 'L3' });
});

test.each([
  ['CREATE INDEX i ON t (a)'],
  ['ALTER TABLE t ADD COLUMN b uuid NOT NULL DEFAULT gen_random_uuid()'],
  ['ALTER TABLE t ADD CHECK (a > 0)'],
  ['ALTER TABLE t DROP COLUMN a'],
  ['ALTER TABLE t ALTER COLUMN a TYPE bigint'],
  ['ALTER TABLE t RENAME COLUMN a TO b'],
  ['INSERT INTO t SELECT generate_series(1, 10)'],
  ['UPDATE t SET a = 2'],
  ['DELETE FROM t'],
  ['TRUNCATE t'],
  ['DROP TABLE t'],
  ['CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()'],
  ['ALTER TABLE t RENAME TO u; CREATE INDEX i ON u (a)'],
])('what the batch itself created costs nothing: %s', async (sql) => {
  const finding = await lastOf(`CREATE TABLE t (a int); ${sql}`);
  expect(finding).toMatchObject({ lock: 'L0', tables: [] });
  expect(['EXPAND', 'NEUTRAL']).toContain(finding.compatibility);
});

test('a new table locks the existing parents of its foreign keys, new parents not', async () => {
  expect(await lastOf('CREATE TABLE t (c int REFERENCES customers)')).toMatchObject({
    lock: 'L1',
    tables: ['public.customers'],
  });
  expect(await lastOf('CREATE TABLE t (a int); ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES customers')).toMatchObject({
    compatibility: 'EXPAND',
    lock: 'L1',
    tables: ['public.customers'],
  });
  expect(await lastOf('CREATE TABLE p (id int primary key); CREATE TABLE t (c int REFERENCES p)')).toMatchObject({
    lock: 'L0',
  });
});

test.each([
  ['a table of IF NOT EXISTS may be an old one', 'CREATE TABLE IF NOT EXISTS t (a int); DROP TABLE t', 'CONTRACT'],
  ['a table of another schema is another table', 'CREATE TABLE app.t (a int); DROP TABLE t', 'CONTRACT'],
  [
    'a temporary table hides the old one only without a schema',
    'CREATE TEMP TABLE t (a int); DROP TABLE public.t',
    'CONTRACT',
  ],
  [
    'a dropped temporary table hides nothing any more',
    'CREATE TEMP TABLE t (a int); DROP TABLE t; DELETE FROM t',
    'DATA',
  ],
  [
    'a temporary table may end with its transaction',
    'CREATE TEMP TABLE t (a int) ON COMMIT DROP; COMMIT; DELETE FROM t',
    'DATA',
  ],
  ['a renamed table leaves its name free', 'CREATE TABLE t (a int); ALTER TABLE t RENAME TO u; DELETE FROM t', 'DATA'],
  [
    'an attached partition is part of the old table',
    'CREATE TABLE t (a int); ALTER TABLE p ATTACH PARTITION t DEFAULT; DROP TABLE t',
    'CONTRACT',
  ],
  ['a partition of an old table is part of it', 'CREATE TABLE t PARTITION OF p DEFAULT; DROP TABLE t', 'CONTRACT'],
  ['CASCADE reaches what is not new', 'CREATE TABLE t (a int); DROP TABLE t CASCADE', 'CONTRACT'],
  [
    'rows of an old table do not become harmless by being copied',
    'CREATE TABLE t (a int); INSERT INTO t SELECT id FROM orders',
    'DATA',
  ],
  [
    'a WITH query may hide the old table it reads',
    'CREATE TABLE t (a int); INSERT INTO t WITH orders AS (SELECT * FROM orders) SELECT id FROM orders',
    'DATA',
  ],
  [
    'a trigger on a new table does who knows what',
    'CREATE TABLE t (a int); CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f(); INSERT INTO t VALUES (1)',
    'OPAQUE',
  ],
  [
    'a renamed table keeps its triggers',
    'CREATE TABLE t (a int); CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f(); ALTER TABLE t RENAME TO u; INSERT INTO u VALUES (1)',
    'OPAQUE',
  ],
  [
    'a query inside an INSERT of values may delete',
    'CREATE TABLE t (a int); WITH x AS (DELETE FROM orders RETURNING 1) INSERT INTO t VALUES (1)',
    'DATA',
  ],
])('%s', async (_, sql, compatibility) => {
  expect(await lastOf(sql)).toMatchObject({ compatibility });
});

test('what is known to be missing is really created by IF NOT EXISTS and OR REPLACE', async () => {
  const absent = new Set(['public.t', 'public.v']);
  expect(await lastOf('CREATE TABLE IF NOT EXISTS t (a int); CREATE INDEX i ON t (a)', { absent })).toMatchObject({
    lock: 'L0',
  });
  expect(await lastOf('CREATE OR REPLACE VIEW v AS SELECT 1', { absent })).toMatchObject({ compatibility: 'EXPAND' });
});

test('dropping what is known to be missing does nothing, unless a rename put something there', async () => {
  const absent = new Set(['public.old']);
  expect(await lastOf('DROP TABLE IF EXISTS old CASCADE', { absent })).toMatchObject({
    compatibility: 'EXPAND',
    lock: 'L0',
  });
  expect(await lastOf('ALTER TABLE orders RENAME TO old; DROP TABLE old', { absent })).toMatchObject({
    compatibility: 'CONTRACT',
  });
  expect(await lastOf('ALTER TABLE app.old SET SCHEMA public; DROP TABLE old', { absent })).toMatchObject({
    compatibility: 'CONTRACT',
  });
});

test('a type of its own costs a rewrite only while it may be a domain', async () => {
  const column = "ALTER TABLE orders ADD COLUMN s status DEFAULT 'a'::status";
  expect(await lastOf(column)).toMatchObject({ compatibility: 'OPAQUE', lock: 'L3' });
  expect(await lastOf(column, { plainTypes: new Set(['public.status']) })).toMatchObject({
    compatibility: 'EXPAND',
    lock: 'L1',
  });
  expect(await lastOf(`CREATE TYPE status AS ENUM ('a'); ${column}`)).toMatchObject({
    compatibility: 'EXPAND',
    lock: 'L1',
  });
  expect(await lastOf(`CREATE DOMAIN status AS text; ${column}`)).toMatchObject({ lock: 'L3' });
});

test('a kind of statement that nobody thought of is OPAQUE and L3', () => {
  for (const tree of [{ FutureStmt: { relation: { relname: 't' } } }, {}, { AlterTableStmt: {} }, { constructor: {} }])
    expect(classify({ line: 1, text: 'x', tree }, emptyContext)).toMatchObject({ compatibility: 'OPAQUE', lock: 'L3' });
});

test('a command of ALTER TABLE that nobody thought of is OPAQUE, on a new table too', () => {
  const tree = {
    AlterTableStmt: {
      relation: { relname: 't', relpersistence: 'p' },
      objtype: 'OBJECT_TABLE',
      cmds: [{ AlterTableCmd: { subtype: 'AT_Future' } }],
    },
  };
  for (const createdHere of [new Set<string>(), new Set(['public.t'])])
    expect(classify({ line: 1, text: 'x', tree }, { ...emptyContext, createdHere })).toMatchObject({
      compatibility: 'OPAQUE',
      lock: 'L3',
    });
});

test('reasons and texts never repeat a literal', async () => {
  const findings = await classified(
    `ALTER TABLE t ADD COLUMN token text DEFAULT 'hunter2';
     INSERT INTO users VALUES ('hunter2', 42424242);
     CREATE USER u PASSWORD 'hunter2';
     SELECT set_config('app.key', 'hunter2', false);
     SELECT f('hunter2');
     DO $$ BEGIN PERFORM 'hunter2'; END $$;
     UPDATE t SET a = E'it\\'s hunter2' -- hunter2`,
  );
  expect(JSON.stringify(findings)).not.toMatch(/hunter2|42424242/);
});
