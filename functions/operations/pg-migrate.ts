import type { Awaited } from '../domain/callback.ts';
import { terminateSessions } from '../domain/database/sessions.ts';
import { StepFailure } from '../domain/failure.ts';
import { standingOf } from '../domain/migrations/dbmate.ts';
import { pendingHash } from '../domain/migrations/evaluate-database.ts';
import type { ReleaseDatabase } from '../domain/release.ts';
import type { Ports } from '../ports.ts';
import { type DatabaseServer, databaseServer } from './database-server.ts';
import { migrationTask } from './migration-task.ts';
import { appliedOn } from './pg-eval.ts';
import { findEvaluation } from './plan-document.ts';
import { runWaitingStep, type WaitingPorts } from './run-waiting-step.ts';
import { databaseOf, type StepContext, type WaitingInput } from './step-context.ts';

/** A migration that runs longer is stopped. */
const DEADLINE_MILLIS = 60 * 60_000;

/** Runs the release's migration image until it stops, under a login of its own; nothing is started when nothing is pending. */
export const pgMigrate = (ports: WaitingPorts & Pick<Ports, 'databases'>, input: WaitingInput): Promise<void> =>
  runWaitingStep(ports, input, {
    word: 'PGMigrate',
    awaits: (context) => {
      const { key, migrate } = databaseOf(context);
      const deadlineAt = new Date(ports.clock.now().getTime() + DEADLINE_MILLIS).toISOString();
      return { kind: 'task', database: key, container: migrate?.name ?? '', deadlineAt };
    },
    call: async (context, token, waitsFor) => {
      const database = databaseOf(context);
      const { migrate } = database;
      const evaluation = await findEvaluation(ports, input, database.key);
      if (!migrate || evaluation?.pending.length === 0) return { ok: true, output: { applied: 'nothing was pending' } };
      if (!context.isFirstCall && (await context.aws.tasks.startedBy(token)).length > 0) return 'called';
      const server = await databaseServer(context.cluster, context.aws, database.serverGroup);
      if (evaluation) await assertUnchanged(ports, server, database, evaluation.pendingHash);
      // An orphan of an earlier run would keep the tool's own lock. What is younger than this step may be its own migration,
      // begun by another call of it.
      const orphans = terminateSessions(database.databaseName, 'migrator', ageMillis(ports, waitsFor));
      await server.run([orphans], database.databaseName);
      const taskDefinition = await migrationTask(ports, context, database, migrate);
      const started = await context.aws.tasks.run({ taskDefinition, token, tags: tagsOf(context) });
      if (started.kind === 'refused') throw taskRefused(started.reasons);
      return 'called';
    },
  });

/** For how long this attempt of the step has been known. */
const ageMillis = ({ clock }: Pick<Ports, 'clock'>, waitsFor: Awaited): number =>
  waitsFor.kind === 'task' ? clock.now().getTime() - Date.parse(waitsFor.deadlineAt) + DEADLINE_MILLIS : 0;

/** Between evaluation and run nobody may have changed the pending set. */
const assertUnchanged = async (
  ports: Pick<Ports, 'hash'>,
  server: DatabaseServer,
  database: ReleaseDatabase,
  expected: string,
) => {
  if (database.migrations.tool === 'unknown') return;
  const { pending } = standingOf(database.migrations.files, await appliedOn(server, database));
  if (pendingHash(pending, ports.hash) === expected) return;
  throw new StepFailure({
    code: 'MigrationsChanged',
    message: `The pending migrations of ${database.key} are not the ones that were evaluated: ${pending.map(({ id }) => id).join(', ') || 'none'} now`,
    left: 'No migration was run by this step',
    remedy: 'Somebody migrated the database meanwhile: push again for a new evaluation',
  });
};

const tagsOf = ({ input, release }: StepContext) => ({
  'slipway-deployment': input.deploymentId,
  'slipway-fence': String(input.fence),
  'slipway-stack': release.stackName,
});

const taskRefused = (reasons: readonly string[]) =>
  new StepFailure({
    code: 'TaskRefused',
    message: `ECS does not start the migration: ${reasons.join('; ') || 'no reason given'}`,
    left: 'No migration was run',
    remedy: 'Give the ECS cluster capacity, then push again',
  });
