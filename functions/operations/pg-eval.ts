import {
  appliedFrom,
  appliedVersions,
  namesFrom,
  plainTypes,
  relationRows,
  rowsFrom,
} from '../domain/database/measure.ts';
import { StepFailure } from '../domain/failure.ts';
import { mentionedIn, type PendingFile } from '../domain/migrations/batch.ts';
import { readDbmateFile, standingOf } from '../domain/migrations/dbmate.ts';
import { evaluateDatabase } from '../domain/migrations/evaluate-database.ts';
import type { AppliedMigrations, DatabaseFindings, MigrationFile } from '../domain/migrations/migrations.ts';
import type { ReleaseDatabase } from '../domain/release.ts';
import type { Ports } from '../ports.ts';
import { type DatabaseServer, databaseServer } from './database-server.ts';
import { harmlessMigrations } from './harmless-migrations.ts';
import { databaseFindingsKey, keepFindings } from './plan-document.ts';
import { type RunStepPorts, runStep } from './run-step.ts';
import { databaseOf, type StepContext, type StepInput } from './step-context.ts';

export type EvalPorts = RunStepPorts & Pick<Ports, 'parseSql' | 'hash'>;

/** What is pending on one database, what it means to the code that runs and what it locks; stored for EvalJoin. */
export const pgEval = (ports: EvalPorts, input: StepInput): Promise<object> =>
  runStep(ports, input, 'PGEval', async (context) => {
    const key = databaseFindingsKey(input, databaseOf(context).key);
    const { pending, compatibility, lock } = await keepFindings(ports.documents, key, () => found(ports, context));
    return { answer: {}, outputs: { pending: String(pending.length), compatibility, lock } };
  });

const found = async (ports: EvalPorts, context: StepContext): Promise<DatabaseFindings> => {
  const database = databaseOf(context);
  const server = await databaseServer(context.cluster, context.aws, database.serverGroup);
  const applied = await appliedOn(server, database);
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
      smallTableRows: context.environment.smallTableRows,
      harmless: standing.newer.length > 0 ? await harmlessMigrations(ports, context.deployment, database.key) : [],
    },
    ports.hash,
  );
};

/** What the tool's version table says; a tool that Slipway cannot read is taken to have applied nothing. */
export const appliedOn = async (
  server: DatabaseServer,
  { databaseName }: ReleaseDatabase,
): Promise<AppliedMigrations> => {
  const answer = await server.ask([appliedVersions], databaseName);
  const applied = appliedFrom(answer);
  if (applied) return applied;
  throw new StepFailure({
    code: 'VersionTableUnreadable',
    message: `The version table of ${databaseName} cannot be read: ${answer.kind === 'failed' ? answer.message : ''}`,
    left: 'Nothing was changed',
    remedy: 'Look at the database, then push again',
  });
};

const parsed = async ({ parseSql }: Pick<Ports, 'parseSql'>, file: MigrationFile): Promise<PendingFile> => {
  const read = readDbmateFile(file.content);
  return { file, read, parsed: await parseSql(read.kind === 'readable' ? read.sql : '') };
};

/** How large the tables are that the batch mentions, and which of its types are plain ones. */
const measured = async (server: DatabaseServer, { databaseName }: ReleaseDatabase, pending: readonly PendingFile[]) => {
  const { relations, types } = mentionedIn(pending);
  const [rows = [], plain = []] = await server.run([relationRows(relations), plainTypes(types)], databaseName);
  return { rows: rowsFrom(rows), plainTypes: namesFrom(plain) };
};
