import type { Client } from 'pg';
import { worseLock } from '../../../functions/domain/migrations/effect.ts';
import type { LockClass } from '../../../functions/domain/migrations/migrations.ts';

/** What PostgreSQL really did to tables that were there before. */
export interface Observed {
  readonly lock: LockClass;
  /** Modes, by table. */
  readonly modes: Readonly<Record<string, string>>;
  readonly rewritten: boolean;
  readonly readsAll: boolean;
  /** Tables that are blocked for as long as their rows, or the rows of others, are read. */
  readonly blockedLong: readonly string[];
  /** What the release before could do, and no longer can. */
  readonly broken: readonly string[];
}

/**
 * Runs statements in a transaction that is rolled back, and compares before and after: locks of this session, files of
 * tables (by oid: a rename is no rewrite), rows read one after another. Undefined when PostgreSQL refuses them.
 */
export const observe = async (client: Client, sql: string): Promise<Observed | undefined> => {
  await client.query('BEGIN');
  try {
    const before = await tablesNow(client);
    try {
      await client.query(sql);
    } catch {
      return undefined;
    }
    const after = await tablesNow(client);
    const modes = await heldModes(client);
    return { ...judge(before, after, modes), broken: await brokenStatements(client) };
  } finally {
    await client.query('ROLLBACK');
  }
};

/** What a release that knows `schema` says to it: it names its columns, and writes what was always welcome. */
const oldRelease = [
  'SELECT id, name, email FROM customers',
  'SELECT id, customer, note, amount, number, short FROM orders WHERE id = 5',
  'SELECT id, order_id, text FROM lines ORDER BY id LIMIT 1',
  'SELECT id, kind FROM events',
  'SELECT id, note FROM order_view',
  'SELECT customer, sum FROM order_sums',
  "SELECT 'a'::status, 'b'::status, nextval('numbers')",
  "INSERT INTO customers (id, name, email) VALUES (9001, NULL, 'x')",
  "INSERT INTO orders (id, customer, note, number, short) VALUES (9001, 9999, NULL, NULL, 'x'), (9002, NULL, 'a', 9002, NULL)",
  'INSERT INTO orders (id, number) VALUES (9003, 9003) ON CONFLICT (number) DO NOTHING',
  'INSERT INTO lines (id, order_id, text) VALUES (9001, 5, NULL), (9002, NULL, NULL)',
  'INSERT INTO events (id, kind) VALUES (1, 4711), (NULL, NULL)',
  "UPDATE orders SET note = 'n', amount = 2, customer = 8888 WHERE id = 6",
  "UPDATE lines SET text = 't' WHERE id = 7",
  'DELETE FROM lines WHERE id = 9',
  'DELETE FROM customers WHERE id = 10',
];

/** Each on its own; asked all at once first, as mostly all of them work. */
const brokenStatements = async (client: Client): Promise<readonly string[]> => {
  await client.query('SAVEPOINT old');
  const work = (...statements: readonly string[]) =>
    client.query(statements.map((statement) => `ROLLBACK TO SAVEPOINT old; ${statement}`).join('; ')).then(
      () => true,
      () => false,
    );
  if (await work(...oldRelease)) return [];
  const broken: string[] = [];
  for (const statement of oldRelease) if (!(await work(statement))) broken.push(statement);
  return broken;
};

interface Table {
  readonly oid: number;
  readonly name: string;
  readonly file: string;
  readonly read: number;
}

const tablesNow = async (client: Client): Promise<readonly Table[]> => {
  const { rows } = await client.query<Table>(
    `SELECT c.oid::int8::float8 AS oid, c.relname AS name, pg_relation_filenode(c.oid)::text AS file,
            pg_stat_get_xact_tuples_returned(c.oid)::float8 AS read
     FROM pg_class c
     WHERE c.relkind IN ('r', 'p', 'm') AND c.relnamespace = 'public'::regnamespace`,
  );
  return rows;
};

const heldModes = async (client: Client): Promise<ReadonlyMap<number, readonly string[]>> => {
  const { rows } = await client.query<{ oid: number; modes: string[] }>(
    `SELECT relation::int8::float8 AS oid, array_agg(mode) AS modes FROM pg_locks
     WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted GROUP BY relation`,
  );
  return new Map(rows.map(({ oid, modes }) => [oid, modes]));
};

const judge = (
  before: readonly Table[],
  after: readonly Table[],
  held: ReadonlyMap<number, readonly string[]>,
): Omit<Observed, 'broken'> => {
  const now = new Map(after.map((table) => [table.oid, table]));
  const seen = before.map((table) => {
    const later = now.get(table.oid);
    const modes = held.get(table.oid) ?? [];
    return {
      name: table.name,
      mode: modes.toSorted((one, other) => strength(other) - strength(one))[0] ?? 'none',
      // An emptied table gets a new file too, in constant time: nothing was read for it.
      rewritten: later !== undefined && later.file !== table.file && later.read > table.read,
      readsAll: later !== undefined && later.read - table.read >= rowCount,
    };
  });
  const classes = seen.map(({ name, mode, rewritten, readsAll }) => ({
    name,
    lock: lockClass(mode, rewritten || readsAll),
  }));
  return {
    lock: classes.map(({ lock }) => lock).reduce(worseLock, 'L0'),
    blockedLong: classes.filter(({ lock }) => lock === 'L2' || lock === 'L3').map(({ name }) => `public.${name}`),
    modes: Object.fromEntries(seen.filter(({ mode }) => mode !== 'none').map(({ name, mode }) => [name, mode])),
    rewritten: seen.some(({ rewritten }) => rewritten),
    readsAll: seen.some(({ readsAll }) => readsAll),
  };
};

const modesByStrength = [
  'none',
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

const strength = (mode: string): number => modesByStrength.indexOf(mode);

const lockClass = (mode: string, long: boolean): LockClass => {
  if (strength(mode) <= strength('ShareUpdateExclusiveLock')) return 'L0';
  if (!long) return 'L1';
  return mode === 'AccessExclusiveLock' ? 'L3' : 'L2';
};

/** Rows of each table that `prepare` fills. */
export const rowCount = 200;

/** The schema that statements are tried on. */
export const schema = `
  CREATE TYPE status AS ENUM ('a', 'b');
  CREATE DOMAIN plain_text AS text;
  CREATE DOMAIN positive AS int DEFAULT 1 CHECK (VALUE > 0);
  CREATE TABLE customers (id int PRIMARY KEY, name text, email varchar(100));
  CREATE TABLE orders (id int PRIMARY KEY, customer int, note text, amount int NOT NULL DEFAULT 1, number int, short varchar(20),
    CONSTRAINT known CHECK (amount > 0), CONSTRAINT later CHECK (amount > -1) NOT VALID);
  CREATE TABLE lines (id int PRIMARY KEY, order_id int REFERENCES orders, text text);
  CREATE TABLE events (id int, kind int) PARTITION BY LIST (kind);
  CREATE TABLE events_rest PARTITION OF events DEFAULT;
  CREATE INDEX orders_customer ON orders (customer);
  CREATE UNIQUE INDEX orders_number ON orders (number);
  CREATE VIEW order_view AS SELECT id, note FROM orders;
  CREATE MATERIALIZED VIEW order_sums AS SELECT customer, sum(amount) FROM orders GROUP BY customer;
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
  CREATE TRIGGER touched BEFORE UPDATE ON lines FOR EACH ROW EXECUTE FUNCTION touch();
  CREATE SEQUENCE numbers;
  INSERT INTO customers SELECT n, 'name' || n, 'mail' || n FROM generate_series(1, ${rowCount}) n;
  INSERT INTO orders SELECT n, n, 'note', 1, n, 's' FROM generate_series(1, ${rowCount}) n;
  INSERT INTO lines SELECT n, n, 'text' FROM generate_series(1, ${rowCount}) n;
  INSERT INTO events SELECT n, n + 10 FROM generate_series(1, ${rowCount}) n;
`;
