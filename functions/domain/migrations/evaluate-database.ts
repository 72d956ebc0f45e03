import { classifyBatch, type PendingFile, refusesTransaction } from './batch.ts';
import { dbmateId, type Standing, standingOf } from './dbmate.ts';
import { opaque } from './effect.ts';
import type { AppliedMigrations, DatabaseFindings, Migrations, PendingMigration } from './migrations.ts';
import { worstCompatibility, worstLock } from './worst-lock.ts';

export interface DatabaseInput {
  /** The name the application calls it by. */
  readonly database: string;
  readonly migrations: Migrations;
  /** False when the application has no migration container for it: then nothing ever runs. */
  readonly migrates: boolean;
  readonly applied: AppliedMigrations;
  /** The pending files in the order of `standingOf`, read and parsed. */
  readonly pending: readonly PendingFile[];
  /** `reltuples` of every relation that the batch mentions, null for one that does not exist. */
  readonly rows: Readonly<Record<string, number | null>>;
  /** Types mentioned that exist and are no domains. */
  readonly plainTypes: readonly string[];
  readonly smallTableRows: number;
  /** Ids of migrations that an earlier plan of this stack found to be EXPAND or NEUTRAL. */
  readonly harmless: readonly string[];
}

/** Everything PGEval has to say about one database. Pure: the same input gives the same findings, hash included. */
export const evaluateDatabase = (input: DatabaseInput, hash: (text: string) => string): DatabaseFindings => {
  if (!input.migrates) return nothingToDo(input, hash);
  if (input.migrations.tool === 'unknown') return unseen(input, hash);
  const standing = standingOf(input.migrations.files, input.applied);
  const known = input.pending.filter(({ file }) => standing.pending.some((each) => each.id === file.id));
  if (known.length !== standing.pending.length)
    throw new Error(`Not every pending migration of ${input.database} was parsed.`);
  return findingsFrom(input, standing, classifyBatch(input.pending, contextOf(input)), hash);
};

const findingsFrom = (
  input: DatabaseInput,
  standing: Standing,
  pending: readonly PendingMigration[],
  hash: (text: string) => string,
): DatabaseFindings => {
  const rows = Object.fromEntries(
    Object.entries(input.rows)
      .filter(([, count]) => count !== null)
      .map(([name, count]) => [name, count ?? -1]),
  );
  const { lock, reason } = worstLock(pending, { rows, smallTableRows: input.smallTableRows });
  return {
    database: input.database,
    state: standing.state,
    notes: [...standing.notes, ...willFail(input.pending)],
    pending,
    compatibility: worstCompatibility(pending),
    lock,
    ...(reason === undefined ? {} : { lockReason: reason }),
    ahead: standing.newer.filter((id) => !input.harmless.includes(id)),
    after: pending.length > 0 && pending.every((each) => each.after),
    pendingHash: pendingHash(pending, hash),
    rows,
  };
};

/** Over (id, checksum) in order; PGMigrate must find the same. */
export const pendingHash = (
  pending: readonly { readonly id: string; readonly checksum: string }[],
  hash: (text: string) => string,
): string => hash(JSON.stringify(pending.map(({ id, checksum }) => [id, checksum])));

const contextOf = (input: DatabaseInput) => ({
  absent: new Set(Object.keys(input.rows).filter((name) => input.rows[name] === null)),
  plainTypes: new Set(input.plainTypes),
});

const nothingToDo = (input: DatabaseInput, hash: (text: string) => string): DatabaseFindings => ({
  ...findingsFrom(input, { state: 'clean', notes: [], pending: [], newer: [] }, [], hash),
  notes:
    input.migrations.files.length > 0 ? ['There are migrations, but no migration container that would run them.'] : [],
});

/** One migration of which nothing is known stands for whatever the tool would do. */
const unseen = (input: DatabaseInput, hash: (text: string) => string): DatabaseFindings => {
  const reason = 'runs a tool whose migrations Slipway cannot read';
  const unknown: PendingMigration = {
    id: 'unknown',
    path: input.migrations.path ?? 'unknown',
    checksum: '',
    transactional: false,
    after: false,
    statements: [{ line: 1, text: '', ...opaque(reason) }],
  };
  const state = input.applied.dirty ? 'dirty' : 'clean';
  const notes = input.migrations.hint === undefined ? [] : [input.migrations.hint];
  return findingsFrom({ ...input, pending: [] }, { state, notes, pending: [], newer: [] }, [unknown], hash);
};

/** What dbmate or PostgreSQL would refuse: said before anything runs. */
const willFail = (pending: readonly PendingFile[]): readonly string[] =>
  pending.flatMap(({ file, read, parsed }) => {
    if (read.kind === 'unreadable') return [`${file.path} ${read.message}, so nobody can say what it would do.`];
    if (parsed.kind === 'unreadable') return [];
    const alone = parsed.statements.filter(refusesTransaction);
    if (alone.length === 0 || (!read.transactional && parsed.statements.length === 1)) return [];
    return [
      `${file.path} will fail: line ${alone[0]?.line} must run outside a transaction, so it needs a file of its own that starts with "-- migrate:up transaction:false".`,
    ];
  });

/** The files of a folder that dbmate looks at, with their ids; others are left out. */
export const dbmateFilesFrom = (
  files: readonly { readonly path: string; readonly content: string }[],
  hash: (text: string) => string,
) =>
  files.flatMap(({ path, content }) => {
    const id = dbmateId(path);
    return id === undefined ? [] : [{ id, path, content, checksum: hash(content) }];
  });
