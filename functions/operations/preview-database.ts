import { appliedVersions } from '../domain/database/measure.ts';
import { StepFailure } from '../domain/failure.ts';
import type { DatabaseFindings } from '../domain/migrations/migrations.ts';
import type { ReleaseDatabase } from '../domain/release.ts';
import { type DatabaseServer, databaseServer } from './database-server.ts';
import { type DatabaseStanding, type EvaluateMigrationsPorts, evaluateMigrations } from './evaluate-migrations.ts';
import { appliedOn } from './pg-eval.ts';
import type { Planning } from './planning.ts';

/** PostgreSQL's code for a database that does not exist. */
const NO_DATABASE = '3D000';

/** What PGEval would find, without making anything: of a database that does not exist yet everything is pending. */
export const previewDatabase = async (
  ports: EvaluateMigrationsPorts,
  planning: Planning,
  database: ReleaseDatabase,
): Promise<DatabaseFindings> => {
  const { note, ...standing } = await standingOf(planning, database);
  const findings = await evaluateMigrations(ports, planning, database, standing);
  return note === undefined ? findings : { ...findings, notes: [...findings.notes, note] };
};

const standingOf = async (
  { cluster, aws }: Planning,
  database: ReleaseDatabase,
): Promise<DatabaseStanding & { readonly note?: string }> => {
  const nothing = { applied: { ids: [], dirty: false }, server: undefined };
  const server = await findServer({ cluster, aws }, database);
  if (server instanceof StepFailure)
    return {
      ...nothing,
      note: `${server.message}, so all of its migrations count as pending: ${server.reason.remedy}.`,
    };
  const { databaseName } = database;
  const answer = await server.ask([appliedVersions], databaseName);
  if (answer.kind === 'failed' && answer.code === NO_DATABASE)
    return {
      ...nothing,
      note: `${databaseName} does not exist yet: a deployment makes it, and everything is pending.`,
    };
  return { server, applied: await appliedOn(server, database) };
};

/** A login that nobody has put into its secret yet is no reason to show nothing. */
const findServer = async (
  { cluster, aws }: Pick<Planning, 'cluster' | 'aws'>,
  { serverGroup }: ReleaseDatabase,
): Promise<DatabaseServer | StepFailure> => {
  try {
    return await databaseServer(cluster, aws, serverGroup);
  } catch (error) {
    if (error instanceof StepFailure && error.reason.code === 'DatabaseServerUnknown') return error;
    throw error;
  }
};
