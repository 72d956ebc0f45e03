import type { AppliedMigrations } from '../migrations/migrations.ts';
import type { Statement } from './statement.ts';

/** Rows of answers, as the port `SqlRunner` gives them. */
type Rows = readonly Readonly<Record<string, unknown>>[];
type Answer =
  | { readonly kind: 'rows'; readonly results: readonly Rows[] }
  | { readonly kind: 'failed'; readonly statement: number; readonly code: string; readonly message: string };

/**
 * The version table of dbmate, and of other tools that call theirs the same; their own columns do no harm, and a `dirty`
 * mark counts. It is missing before the first migration: the answer is then 42P01 (undefined_table).
 */
export const appliedVersions: Statement = {
  text: `SELECT to_jsonb(t) ->> 'version' AS version, coalesce((to_jsonb(t) ->> 'dirty')::boolean, false) AS dirty
  FROM public."schema_migrations" t WHERE to_jsonb(t) ->> 'version' IS NOT NULL ORDER BY 1`,
};

/** What the answer to `appliedVersions` means; undefined when it means neither rows nor a missing table. */
export const appliedFrom = (answer: Answer): AppliedMigrations | undefined => {
  if (answer.kind === 'failed') return answer.code === '42P01' ? { ids: [], dirty: false } : undefined;
  const rows = answer.results[0] ?? [];
  return { ids: rows.map((row) => String(row['version'])), dirty: rows.some((row) => row['dirty'] === true) };
};

/**
 * How many rows relations have, by `schema.table`: `rows` is null for one that does not exist, -1 for one that was never
 * analysed, else `reltuples` carried forward to the size on disk now, as the planner does. Partitions and children count
 * with their parent. Before 14 a table that was never analysed says 0.
 */
export const relationRows = (names: readonly string[]): Statement => ({
  text: `WITH RECURSIVE asked AS (SELECT name FROM unnest($1::text[]) AS name),
  tree AS (
    SELECT asked.name, c.oid FROM asked
    JOIN pg_class c ON c.relkind IN ('r', 'p', 'm', 'f', 'v', 'S', 'i', 'I')
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname || '.' || c.relname = asked.name
    UNION SELECT tree.name, i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
  ),
  sizes AS (
    SELECT tree.name, CASE
      WHEN c.relkind = 'p' THEN 0
      WHEN c.relkind NOT IN ('r', 'm') THEN -1
      WHEN pg_relation_size(c.oid) = 0 THEN 0
      WHEN c.reltuples < 0 OR c.relpages = 0 OR (c.reltuples = 0 AND current_setting('server_version_num')::int < 140000) THEN -1
      ELSE ceil(greatest(c.reltuples, 1) / c.relpages * (pg_relation_size(c.oid) / current_setting('block_size')::int))
    END::bigint AS size
    FROM tree JOIN pg_class c ON c.oid = tree.oid
  )
  SELECT asked.name, CASE WHEN min(size) < 0 THEN -1 ELSE sum(size) END::float8 AS rows
  FROM asked LEFT JOIN sizes ON sizes.name = asked.name GROUP BY asked.name ORDER BY asked.name`,
  values: [names],
});

/** Those of the types, as `schema.type`, that exist and are no domains. */
export const plainTypes = (names: readonly string[]): Statement => ({
  text: `SELECT n.nspname || '.' || t.typname AS name FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE n.nspname || '.' || t.typname = ANY ($1::text[]) AND t.typtype IN ('b', 'c', 'e', 'r') ORDER BY 1`,
  values: [names],
});

/** `rows` of `relationRows` as a record. */
export const rowsFrom = (rows: Rows): Readonly<Record<string, number | null>> =>
  Object.fromEntries(rows.map((row) => [String(row['name']), row['rows'] === null ? null : Number(row['rows'])]));

/** `name` of `plainTypes` as a list. */
export const namesFrom = (rows: Rows): readonly string[] => rows.map((row) => String(row['name']));

/** Indexes that a stopped CREATE INDEX CONCURRENTLY left behind: they cost every write and answer no query. */
export const invalidIndexes: Statement = {
  text: `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS index, i.indrelid::regclass::text AS table
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname !~ '^pg_' ORDER BY 1`,
};
