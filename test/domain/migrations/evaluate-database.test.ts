import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { libpgParseSql } from '../../../functions/adapters/postgres/parse-sql.ts';
import type { PendingFile } from '../../../functions/domain/migrations/batch.ts';
import { mentionedIn } from '../../../functions/domain/migrations/batch.ts';
import { readDbmateFile, standingOf } from '../../../functions/domain/migrations/dbmate.ts';
import {
  type DatabaseInput,
  dbmateFilesFrom,
  evaluateDatabase,
} from '../../../functions/domain/migrations/evaluate-database.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

interface Wanted extends Partial<Omit<DatabaseInput, 'migrations' | 'pending'>> {
  readonly files: Readonly<Record<string, string>>;
}

/** Evaluates files as PGEval does: list, compare, parse, ask, judge. */
const evaluated = async ({ files, ...input }: Wanted) => {
  const list = Object.entries(files).map(([name, content]) => ({ path: `db/migrations/${name}`, content }));
  const migrations = { tool: 'dbmate' as const, path: 'db/migrations', files: dbmateFilesFrom(list, hash) };
  const applied = input.applied ?? { ids: [], dirty: false };
  const pending: PendingFile[] = [];
  for (const file of standingOf(migrations.files, applied).pending) {
    const read = readDbmateFile(file.content);
    pending.push({ file, read, parsed: await libpgParseSql(read.kind === 'readable' ? read.sql : '') });
  }
  const defaults = { database: 'main', migrates: true, rows: {}, plainTypes: [], smallTableRows: 1000, harmless: [] };
  return evaluateDatabase({ ...defaults, ...input, applied, migrations, pending }, hash);
};

const up = (sql: string) => `-- migrate:up\n${sql}\n-- migrate:down\n`;

test('a batch takes the worst of each class, and tells each statement with its line', async () => {
  const findings = await evaluated({
    files: {
      '1_a.sql': up('ALTER TABLE orders ADD COLUMN a int;'),
      '2_b.sql': up('\nALTER TABLE orders DROP COLUMN b;'),
    },
  });
  expect(findings).toMatchObject({
    state: 'clean',
    compatibility: 'CONTRACT',
    lock: 'L1',
    after: false,
    pending: [
      { id: '1', transactional: true, statements: [{ line: 2 }] },
      { id: '2', path: 'db/migrations/2_b.sql', statements: [{ line: 3, text: 'ALTER TABLE orders DROP COLUMN b' }] },
    ],
  });
});

test('nothing pending is NEUTRAL and L0', async () => {
  expect(
    await evaluated({ files: { '1_a.sql': up('DROP TABLE a') }, applied: { ids: ['1'], dirty: false } }),
  ).toMatchObject({
    compatibility: 'NEUTRAL',
    lock: 'L0',
    pending: [],
    after: false,
  });
});

test('locks on tables of few rows are short; never analysed, unknown and missing tables are large', async () => {
  const files = { '1_a.sql': up('CREATE INDEX i ON orders (a);') };
  expect(await evaluated({ files, rows: { 'public.orders': 1000 } })).toMatchObject({ lock: 'L1' });
  expect(await evaluated({ files, rows: { 'public.orders': 1001 } })).toMatchObject({
    lock: 'L2',
    lockReason: 'It blocks writes to orders (about 1001 rows) while it reads every row (line 2).',
  });
  for (const rows of [{ 'public.orders': -1 }, {}, { 'public.orders': null }])
    expect(await evaluated({ files, rows })).toMatchObject({ lock: 'L2' });
});

test('one large table of several is enough', async () => {
  const files = { '1_a.sql': up('ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;') };
  expect(await evaluated({ files, rows: { 'public.a': 1, 'public.b': 5000 } })).toMatchObject({ lock: 'L2' });
});

test('a lock lasts as long as what follows in its file, also where the file says transaction:false', async () => {
  const rows = { 'public.orders': 1, 'public.items': 50_000 };
  const sql = 'ALTER TABLE orders ADD COLUMN a int;\nALTER TABLE items VALIDATE CONSTRAINT c;';
  for (const file of [up(sql), up(sql).replace('up', 'up transaction:false')])
    expect(await evaluated({ files: { '1_a.sql': file }, rows })).toMatchObject({
      lock: 'L3',
      lockReason:
        'Its lock on orders (line 2) lasts while a later statement reads every row of items (line 3): put the two into migrations of their own.',
    });
  const apart = {
    '1_a.sql': up('ALTER TABLE orders ADD COLUMN a int;'),
    '2_b.sql': up('ALTER TABLE items VALIDATE CONSTRAINT c;'),
  };
  expect(await evaluated({ files: apart, rows })).toMatchObject({ lock: 'L1' });
  expect(
    await evaluated({ files: { '1_a.sql': up(sql) }, rows: { 'public.orders': 1, 'public.items': 9 } }),
  ).toMatchObject({ lock: 'L1' });
});

test('a constraint added and validated in one file is held while rows are read', async () => {
  const sql =
    'ALTER TABLE a ADD CONSTRAINT c FOREIGN KEY (b) REFERENCES b NOT VALID; ALTER TABLE a VALIDATE CONSTRAINT c;';
  expect(await evaluated({ files: { '1_a.sql': up(sql) }, rows: { 'public.a': 99_999, 'public.b': 1 } })).toMatchObject(
    { lock: 'L3' },
  );
});

test('what one migration creates is new for the next, but its temporary tables are not', async () => {
  const files = (create: string) => ({ '1_a.sql': up(create), '2_b.sql': up('CREATE INDEX i ON t (a);') });
  expect(await evaluated({ files: files('CREATE TABLE t (a int);') })).toMatchObject({ lock: 'L0' });
  expect(await evaluated({ files: files('CREATE TEMP TABLE t (a int);') })).toMatchObject({ lock: 'L2' });
});

test('after holds only when every pending migration says so', async () => {
  const drop = up('-- slipway: after\nALTER TABLE orders DROP COLUMN a;');
  expect(await evaluated({ files: { '1_a.sql': drop, '2_b.sql': drop } })).toMatchObject({ after: true });
  expect(await evaluated({ files: { '1_a.sql': drop, '2_b.sql': up('SELECT 1') } })).toMatchObject({ after: false });
});

test('a file that dbmate or PostgreSQL would refuse is OPAQUE, and its content is not repeated', async () => {
  expect(await evaluated({ files: { '1_a.sql': 'DROP TABLE a;' } })).toMatchObject({
    compatibility: 'OPAQUE',
    lock: 'L3',
  });
  const findings = await evaluated({ files: { '1_a.sql': up("SELECT\n'a' 'hunter2';") } });
  expect(findings).toMatchObject({
    compatibility: 'OPAQUE',
    pending: [{ transactional: false, statements: [{ line: 3 }] }],
  });
  expect(JSON.stringify(findings)).not.toContain('hunter2');
});

test('a tool that Slipway cannot read stands as one OPAQUE migration, with the hint', () => {
  const input = {
    database: 'main',
    migrations: { tool: 'unknown' as const, files: [], hint: 'Write this line.' },
    applied: { ids: [], dirty: false },
    pending: [],
    rows: {},
    plainTypes: [],
    smallTableRows: 1000,
    harmless: [],
  };
  expect(evaluateDatabase({ ...input, migrates: true }, hash)).toMatchObject({
    compatibility: 'OPAQUE',
    lock: 'L3',
    notes: ['Write this line.'],
    pending: [{ id: 'unknown' }],
  });
  expect(evaluateDatabase({ ...input, migrates: false }, hash)).toMatchObject({
    compatibility: 'NEUTRAL',
    pending: [],
    notes: [],
  });
});

test('statements that refuse a transaction need a file of their own, and this is said before anything runs', async () => {
  const statement = 'CREATE INDEX CONCURRENTLY i ON orders (a);';
  const alone = up(statement).replace('up', 'up transaction:false');
  expect(await evaluated({ files: { '1_a.sql': alone } })).toMatchObject({
    notes: [],
    pending: [{ transactional: false }],
  });
  for (const file of [up(statement), alone.replace(statement, `${statement} SELECT 1;`)])
    expect((await evaluated({ files: { '1_a.sql': file } })).notes).toEqual([
      'db/migrations/1_a.sql will fail: line 2 must run outside a transaction, so it needs a file of its own that starts with "-- migrate:up transaction:false".',
    ]);
});

test('a COMMIT in a file makes it one that can be left half done', async () => {
  expect(await evaluated({ files: { '1_a.sql': up('COMMIT;') } })).toMatchObject({
    pending: [{ transactional: false }],
  });
});

test('the hash of the pending set follows ids, checksums and order, and nothing else', async () => {
  const one = await evaluated({ files: { '1_a.sql': up('SELECT 1') } });
  const same = await evaluated({ files: { '1_a.sql': up('SELECT 1'), 'README.md': 'x' }, rows: { a: 1 } });
  const other = await evaluated({ files: { '1_a.sql': up('SELECT 2') } });
  expect(same.pendingHash).toBe(one.pendingHash);
  expect(other.pendingHash).not.toBe(one.pendingHash);
});

test('an older release asks about newer migrations, unless an earlier plan found them harmless', async () => {
  const files = { '1_a.sql': up('SELECT 1') };
  const applied = { ids: ['1', '2', '3'], dirty: false };
  expect((await evaluated({ files, applied })).ahead).toEqual(['2', '3']);
  expect((await evaluated({ files, applied, harmless: ['2'] })).ahead).toEqual(['3']);
});

test('what a batch mentions is what the database has to be asked about', async () => {
  const read = readDbmateFile(up("ALTER TABLE app.orders ADD COLUMN s status DEFAULT 'x'::status; SELECT * FROM v"));
  const parsed = await libpgParseSql(read.kind === 'readable' ? read.sql : '');
  const file = { id: '1', path: '1.sql', content: '', checksum: '' };
  expect(mentionedIn([{ file, read, parsed }])).toEqual({
    relations: ['app.orders', 'public.v'],
    types: ['public.status'],
  });
});
