import { isAtMost, union, worseCompatibility, worseLock } from './effect.ts';
import type { Compatibility, LockClass, PendingMigration, StatementFinding } from './migrations.ts';
import { shown } from './names.ts';

/** How many rows tables have, and how many are few. `reltuples` is -1 for a table that was never analysed. */
export interface Sizes {
  readonly rows: Readonly<Record<string, number>>;
  readonly smallTableRows: number;
}

export interface WorstLock {
  readonly lock: LockClass;
  readonly reason?: string;
}

export const worstCompatibility = (pending: readonly PendingMigration[]): Compatibility =>
  pending
    .flatMap((each) => each.statements)
    .map((each) => each.compatibility)
    .reduce(worseCompatibility, 'NEUTRAL');

/**
 * The worst lock of a batch as it counts: L2 and L3 on tables of few rows are L1; and a lock lasts as long as what follows
 * in its file, so an L1 before something long is L3. dbmate sends a file as one message, which PostgreSQL runs as one
 * transaction even where the file says `transaction:false`.
 */
export const worstLock = (pending: readonly PendingMigration[], sizes: Sizes): WorstLock =>
  pending.map((each) => worstOfFile(each, sizes)).reduce(worse, { lock: 'L0' });

const worse = (one: WorstLock, other: WorstLock): WorstLock =>
  worseLock(one.lock, other.lock) === one.lock ? one : other;

const worstOfFile = (migration: PendingMigration, sizes: Sizes): WorstLock => {
  const counted = migration.statements.map((each) => countedLock(each, sizes));
  const single = counted.reduce(worse, { lock: 'L0' });
  return isAtMost(single.lock, 'L1') ? worse(heldLock(migration.statements, counted, sizes), single) : single;
};

const countedLock = (statement: StatementFinding, sizes: Sizes): WorstLock => {
  if (isAtMost(statement.lock, 'L1')) return { lock: statement.lock };
  if (areSmall(statement.tables, sizes)) return { lock: 'L1' };
  const tables = statement.tables.map(shown).join(', ') || 'tables that Slipway does not know';
  const blocked = statement.lock === 'L2' ? 'blocks writes to' : 'blocks reads and writes of';
  return {
    lock: statement.lock,
    reason: `It ${blocked} ${tables} (${rowsOf(statement.tables, sizes)}) while it reads every row (line ${statement.line}).`,
  };
};

/** No table named means nobody knows which, so they are large. */
const areSmall = (tables: readonly string[], sizes: Sizes): boolean =>
  tables.length > 0 && tables.every((table) => isSmall(table, sizes));

const isSmall = (table: string, sizes: Sizes): boolean => {
  const rows = Object.hasOwn(sizes.rows, table) ? sizes.rows[table] : undefined;
  return rows !== undefined && rows >= 0 && rows <= sizes.smallTableRows;
};

const rowsOf = (tables: readonly string[], sizes: Sizes): string =>
  tables
    .map((table) => sizes.rows[table] ?? -1)
    .map((rows) => (rows < 0 ? 'never analysed' : `about ${rows} rows`))
    .join(', ') || 'any number of rows';

/** An L1 that a later, long statement of the same file holds. */
const heldLock = (statements: readonly StatementFinding[], counted: readonly WorstLock[], sizes: Sizes): WorstLock => {
  const first = counted.findIndex((each) => each.lock === 'L1');
  const long = statements.findIndex((each, at) => first !== -1 && at > first && readsMuch(each, sizes));
  const [held, holder] = [statements[first], statements[long]];
  if (held === undefined || holder === undefined) return { lock: 'L0' };
  const tables = union(held.tables).map(shown).join(', ') || 'tables';
  return {
    lock: 'L3',
    reason: `Its lock on ${tables} (line ${held.line}) lasts while a later statement reads every row of ${(holder.scans ?? []).map(shown).join(', ')} (line ${holder.line}): put the two into migrations of their own.`,
  };
};

const readsMuch = (statement: StatementFinding, sizes: Sizes): boolean =>
  (statement.scans ?? []).some((table) => !isSmall(table, sizes));
