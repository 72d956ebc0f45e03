import { appliedFrom, appliedVersions } from '../domain/database/measure.ts';
import { StepFailure } from '../domain/failure.ts';
import type { AppliedMigrations, DatabaseFindings } from '../domain/migrations/migrations.ts';
import { unfitSentence } from '../domain/plan/eval-join.ts';
import type { ReleaseDatabase } from '../domain/release.ts';
import type { Ports } from '../ports.ts';
import { type DatabaseServer, databaseServer } from './database-server.ts';
import { evaluateMigrations } from './evaluate-migrations.ts';
import { databaseFindingsKey, keepFindings } from './plan-document.ts';
import { type RunStepPorts, runStep } from './run-step.ts';
import { databaseOf, type StepContext, type StepInput } from './step-context.ts';

export type EvalPorts = RunStepPorts & Pick<Ports, 'parseSql' | 'hash'>;

/** What is pending on one database, what it means to the code that runs and what it locks; stored for EvalJoin. */
export const pgEval = (ports: EvalPorts, input: StepInput): Promise<object> =>
  runStep(ports, input, 'PGEval', async (context) => {
    const key = databaseFindingsKey(input, databaseOf(context).key);
    const findings = await keepFindings(ports.documents, key, () => found(ports, context));
    // No EvalJoin follows that would refuse it.
    if (context.deployment.strategy === 'db-only') assertFit(findings);
    const { pending, compatibility, lock } = findings;
    return { answer: {}, outputs: { pending: String(pending.length), compatibility, lock } };
  });

const found = async (ports: EvalPorts, context: StepContext): Promise<DatabaseFindings> => {
  const database = databaseOf(context);
  const server = await databaseServer(context.cluster, context.aws, database.serverGroup);
  const applied = await appliedOn(server, database);
  return evaluateMigrations(ports, context, database, { applied, server });
};

const assertFit = (findings: DatabaseFindings) => {
  if (findings.state === 'clean') return;
  throw new StepFailure({
    code: 'DatabaseUnfit',
    message: unfitSentence(findings),
    left: 'No migration of this database was run',
    remedy: 'Repair the database, then run slipway resume',
  });
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
