import { namesFrom, plainTypes, relationRows, rowsFrom } from '../domain/database/measure.ts';
import { mentionedIn, type PendingFile } from '../domain/migrations/batch.ts';
import { readDbmateFile, standingOf } from '../domain/migrations/dbmate.ts';
import { evaluateDatabase } from '../domain/migrations/evaluate-database.ts';
import type { AppliedMigrations, DatabaseFindings, MigrationFile } from '../domain/migrations/migrations.ts';
import type { ReleaseDatabase } from '../domain/release.ts';
import type { Ports } from '../ports.ts';
import type { DatabaseServer } from './database-server.ts';
import { harmlessMigrations } from './harmless-migrations.ts';
import type { Planning } from './planning.ts';

export type EvaluateMigrationsPorts = Pick<Ports, 'parseSql' | 'hash' | 'deployments' | 'documents'>;

export interface DatabaseStanding {
  readonly applied: AppliedMigrations;
  /** Undefined while the database does not exist: then nothing in it has any rows. */
  readonly server: DatabaseServer | undefined;
}

/** What is pending on one database, what it means to the code that runs and what it locks. */
export const evaluateMigrations = async (
  ports: EvaluateMigrationsPorts,
  { release, environment }: Pick<Planning, 'release' | 'environment'>,
  database: ReleaseDatabase,
  { applied, server }: DatabaseStanding,
): Promise<DatabaseFindings> => {
  const standing = standingOf(database.migrations.files, applied);
  const pending = await Promise.all(standing.pending.map((file) => parsed(ports, file)));
  return evaluateDatabase(
    {
      database: database.key,
      migrations: database.migrations,
      migrates: database.migrate !== undefined,
      applied,
      pending,
      ...(await measured(server, database, pending)),
      smallTableRows: environment.smallTableRows,
      harmless: standing.newer.length > 0 ? await harmlessMigrations(ports, release, database.key) : [],
    },
    ports.hash,
  );
};

const parsed = async ({ parseSql }: Pick<Ports, 'parseSql'>, file: MigrationFile): Promise<PendingFile> => {
  const read = readDbmateFile(file.content);
  return { file, read, parsed: await parseSql(read.kind === 'readable' ? read.sql : '') };
};

/** How large the tables are that the batch mentions, and which of its types are plain ones. */
const measured = async (
  server: DatabaseServer | undefined,
  { databaseName }: ReleaseDatabase,
  pending: readonly PendingFile[],
) => {
  const { relations, types } = mentionedIn(pending);
  if (!server) return { rows: Object.fromEntries(relations.map((name) => [name, null])), plainTypes: [] };
  const [rows = [], plain = []] = await server.run([relationRows(relations), plainTypes(types)], databaseName);
  return { rows: rowsFrom(rows), plainTypes: namesFrom(plain) };
};
