import type { Awaited, Callback, Outcome } from '../domain/callback.ts';
import { terminateSessions } from '../domain/database/sessions.ts';
import { judgeMigration } from '../domain/migrations/judge-migration.ts';
import type { ReleaseDatabase } from '../domain/release.ts';
import { SIDECAR } from '../domain/template/sidecar-names.ts';
import type { ClusterPorts, EcsTask, Ports } from '../ports.ts';
import { databaseServer } from './database-server.ts';
import { logPlace } from './migration-task.ts';
import { appliedOn } from './pg-eval.ts';
import { findEvaluation } from './plan-document.ts';
import { type ContextPorts, databaseOf, loadContext, type StepContext } from './step-context.ts';

export type JudgePorts = ContextPorts & Pick<Ports, 'clock'>;

/** How much of a failed migration's log is kept with its reason. */
const LOG_LINES = 20;

/** Of the log of the container beside it, which says why somebody was not let in. */
const SIDECAR_LINES = 5;

/** ECS forgets a stopped task after an hour; one that is nowhere to be found so long after its call is lost. */
const LOST_AFTER_MILLIS = 10 * 60_000;

/**
 * Judges a migration by its task and by the database itself: the main container's exit code, and whether exactly the
 * evaluated set has been applied. Undefined while it runs; one past its deadline is stopped.
 */
export const judgeTask = async (
  ports: JudgePorts,
  callback: Callback,
  waitsFor: Extract<Awaited, { kind: 'task' }>,
  aws: ClusterPorts,
): Promise<Outcome | undefined> => {
  const [task] = await aws.tasks.startedBy(callback.token);
  const now = ports.clock.now().getTime();
  if (!task) return now - Date.parse(callback.touchedAt) > LOST_AFTER_MILLIS ? lost(callback) : undefined;
  if (!task.stopped) {
    if (now > Date.parse(waitsFor.deadlineAt)) await aws.tasks.stop(task.arn, 'The migration ran past its deadline');
    return undefined;
  }
  const context = await loadContext(ports, { ...callback, database: waitsFor.database });
  return judged(ports, callback, context, task);
};

const judged = async (ports: JudgePorts, callback: Callback, context: StepContext, task: EcsTask): Promise<Outcome> => {
  const database = databaseOf(context);
  const [server, evaluation] = await Promise.all([
    serverAlone(context, database),
    findEvaluation(ports, context.input, database.key),
  ]);
  const container = task.containers.find(({ name }) => name === database.migrate?.name);
  const sidecar = database.migrate?.sidecar && task.containers.find(({ name }) => name === SIDECAR);
  const ended = {
    step: callback.step,
    database,
    pending: evaluation?.pending ?? [],
    applied: await appliedOn(server, database),
    exitCode: container?.exitCode,
    stopCode: task.stopCode,
    stoppedReason: container?.reason ?? task.stoppedReason,
  };
  const outcome = judgeMigration({ ...ended, log: [] });
  if (outcome.ok || !database.migrate) return outcome;
  // Only what went wrong is worth the reading.
  const place = logPlace(context, database.migrate);
  const log = await context.aws.tasks.logTail(place, task.arn, LOG_LINES);
  if (!sidecar) return judgeMigration({ ...ended, log });
  const { name, exitCode, reason } = sidecar;
  // Both write to the group of the migration.
  const besideIt = await context.aws.tasks.logTail({ ...place, container: name }, task.arn, SIDECAR_LINES);
  return judgeMigration({ ...ended, log, sidecar: { name, exitCode, reason, log: besideIt } });
};

/** The server, once no session of a migrator is left on the database: what has been applied is final then. */
const serverAlone = async ({ cluster, aws }: StepContext, { serverGroup, databaseName }: ReleaseDatabase) => {
  const server = await databaseServer(cluster, aws, serverGroup);
  await server.run([terminateSessions(databaseName, 'migrator')], databaseName);
  return server;
};

const lost = ({ step }: Callback): Outcome => {
  const message = `The task of ${step} is nowhere to be found in ECS`;
  const reason = {
    code: 'TaskLost',
    message,
    step,
    left: 'Nobody knows whether the migration ran',
    remedy: 'Look at the version table, then run slipway resume',
  };
  return { ok: false, error: reason.code, cause: message, reason };
};
