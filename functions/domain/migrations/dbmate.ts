import type { AppliedMigrations, MigrationFile } from './migrations.ts';

/** What dbmate runs of a file: blank lines stand for what comes before, so that line numbers stay true. */
export interface UpSection {
  readonly sql: string;
  readonly transactional: boolean;
  readonly after: boolean;
  /** The release that brings it runs by itself: a newer one never takes its place in the queue. */
  readonly mustRun: boolean;
}

export type DbmateFile =
  | ({ readonly kind: 'readable' } & UpSection)
  /** dbmate would refuse it, or do something else than it says. */
  | { readonly kind: 'unreadable'; readonly message: string };

// dbmate's own rules (pkg/dbmate/migration.go): white space in Go's sense, from `up` to `down`, both needed, nothing but
// blank lines and comments before, options only on the line of the mark. Version 2.36 runs further `up` sections of a file
// too; Slipway reads one only, and a file with more is unreadable.
const blank = '[\\t\\n\\f\\r ]';
const upMark = new RegExp(`(?:^|\\n)(--${blank}*migrate:up(?:${blank}*(?=\\n|$)|${blank}+[^\\t\\n\\f\\r ]+))`);
const downMark = new RegExp(`(?:^|\\n)(--${blank}*migrate:down(?:${blank}*|${blank}+[^\\t\\n\\f\\r ]+)(?=\\n|$))`);
const afterMark = /^[ \t]*--[ \t]*slipway:[ \t]*after[ \t]*\r?$/m;
const mustRunMark = /^[ \t]*--[ \t]*slipway:[ \t]*must-run[ \t]*\r?$/m;

/** Reads one of dbmate's files. `-- slipway: after` and `-- slipway: must-run` may stand on any line of the up section. */
export const readDbmateFile = (content: string): DbmateFile => {
  const start = markAt(content, upMark);
  const end = markAt(content, downMark);
  if (start === undefined) return unreadable("has no '-- migrate:up'");
  if (end === undefined) return unreadable("has no '-- migrate:down'");
  if (end < start) return unreadable("has '-- migrate:down' before '-- migrate:up'");
  if ((content.match(/--\s*migrate:up/g) ?? []).length > 1) return unreadable("has more than one '-- migrate:up'");
  const before = content.slice(0, start);
  if (before.split('\n').some((line) => !/^\s*(--.*)?$/.test(line)))
    return unreadable("has statements before '-- migrate:up'");
  const section = content.slice(start, end);
  return {
    kind: 'readable',
    sql: before.replace(/[^\n]/g, '') + section,
    transactional: optionOf(section, 'transaction') !== 'false',
    after: afterMark.test(section),
    mustRun: mustRunMark.test(section),
  };
};

const unreadable = (message: string): DbmateFile => ({ kind: 'unreadable', message });

const markAt = (content: string, mark: RegExp): number | undefined => {
  const match = mark.exec(content);
  return match === null ? undefined : match.index + match[0].indexOf('--');
};

/** dbmate takes the last pair of the name. */
const optionOf = (section: string, name: string): string | undefined =>
  (section.split('\n')[0] ?? '')
    .split(/\s+/)
    .map((pair) => pair.split(':'))
    .filter((pair) => pair.length === 2 && pair[0] === name)
    .at(-1)?.[1];

/** dbmate's id of a file, its leading digits; undefined when dbmate does not look at the file. */
export const dbmateId = (path: string): string | undefined => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /^(\d+).*\.sql$/.exec(name)?.[1];
};

/** What stands between a release's files and what the version table says. */
export interface Standing {
  readonly state: 'clean' | 'dirty' | 'diverged';
  readonly notes: readonly string[];
  /** In the order in which dbmate runs them. */
  readonly pending: readonly MigrationFile[];
  /** Applied, and newer than every file of the release. */
  readonly newer: readonly string[];
}

/**
 * Compares as dbmate does: by id alone, in the order of file names. An applied id without a file is one of two things.
 * Newer than every file: the release is older than the database, which happens when an older version is deployed; the
 * caller asks a person unless those migrations are known to be harmless. Anything else is a history that was rewritten,
 * and nothing may run on it.
 */
export const standingOf = (files: readonly MigrationFile[], applied: AppliedMigrations): Standing => {
  const sorted = files.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  const ids = new Set(sorted.map((file) => file.id));
  const newest = sorted.map((file) => file.id).reduce(later, '');
  const unknown = applied.ids.filter((id) => !ids.has(id)).sort();
  const newer = newest === '' ? [] : unknown.filter((id) => later(id, newest) === id);
  const problems = [...duplicates(sorted), ...rewritten(unknown.filter((id) => !newer.includes(id)))];
  const done = new Set(applied.ids);
  const pending = sorted.filter((file) => !done.has(file.id));
  const notes = [...problems, ...outOfOrder(pending, applied.ids), ...dirtyNote(applied)];
  const state = applied.dirty ? 'dirty' : problems.length > 0 ? 'diverged' : 'clean';
  return { state, notes, pending, newer };
};

const nameOf = (file: MigrationFile): string => file.path.slice(file.path.lastIndexOf('/') + 1);

/** Ids are digits, often time stamps: compared as numbers of any length. */
const later = (one: string, other: string): string => {
  const [a, b] = [one, other].map((id) => id.replace(/^0+/, ''));
  if (a === undefined || b === undefined || a.length !== b.length)
    return (a?.length ?? 0) > (b?.length ?? 0) ? one : other;
  return a > b ? one : other;
};

const duplicates = (files: readonly MigrationFile[]): readonly string[] =>
  files.flatMap((file, at) => {
    const first = files.findIndex((other) => other.id === file.id);
    return first < at ? [`${file.path} has the id ${file.id} of ${files[first]?.path}: give it one of its own.`] : [];
  });

const rewritten = (ids: readonly string[]): readonly string[] =>
  ids.map(
    (id) =>
      `Migration ${id} was applied, but this release has no file for it: restore the file, or delete its row from schema_migrations if it was removed on purpose.`,
  );

const outOfOrder = (pending: readonly MigrationFile[], applied: readonly string[]): readonly string[] => {
  const newest = applied.reduce(later, '');
  return pending
    .filter((file) => newest !== '' && later(file.id, newest) === newest)
    .map((file) => `Migration ${file.id} runs after newer ones that were applied before it.`);
};

const dirtyNote = (applied: AppliedMigrations): readonly string[] =>
  applied.dirty ? ['The version table marks a migration as half applied: repair it by hand.'] : [];
