import type { Outcome } from '../callback.ts';
import type { Reason } from '../reason.ts';
import { shortText } from '../short-text.ts';
import type { EndedMigration } from './ended-migration.ts';
import { besideIt, isSidecarMissing, isUnreached, sidecarMissing, unreached } from './judge-sidecar.ts';
import type { PendingMigration } from './migrations.ts';

/** PostgreSQL's 55P03, in the words of its message or as a code, as tools print it. */
const LOCK_TIMEOUT = /lock timeout|55P03/i;

/** The machine below the task went away: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html, stopCode. */
const HOST_GONE = new Set(['SpotInterruption', 'TerminationNotice']);

/** What a stopped migration task means, by the container's exit code and by what the version table says afterwards. */
export const judgeMigration = (ended: EndedMigration): Outcome => {
  const { exitCode, applied } = ended;
  const pending = readablePending(ended);
  const missing = pending.filter(({ id }) => !applied.ids.includes(id));
  // Without its machine a task cannot say that it was done; the version table can.
  if ((exitCode === 0 || (isHostGone(ended) && pending.length > 0)) && !applied.dirty && missing.length === 0)
    return { ok: true, output: { applied: shortText(pending.map(({ id }) => id).join(', ')) || 'not evaluated' } };
  return failed(ended, (notRun(ended, missing) ?? atFault)(ended, missing), missing);
};

type Fault = (ended: EndedMigration, missing: readonly PendingMigration[]) => Pick<Reason, 'code' | 'message'>;

/** What keeps a container from running, or from running to its end; undefined when it ended by itself. */
const notRun = (ended: EndedMigration, missing: readonly PendingMigration[]): Fault | undefined => {
  const { exitCode, stopCode } = ended;
  if (isHostGone(ended) && mayTryAgain(ended, missing)) return hostGone;
  if (isSidecarMissing(ended) && isUnmoved(ended, missing)) return sidecarMissing;
  if (stopCode === 'TaskFailedToStart' && exitCode === undefined && isUnmoved(ended, missing)) return notStarted;
  return exitCode === undefined || (exitCode !== 0 && isEndedFromOutside(ended)) ? cutShort : undefined;
};

/** What a container that ended by itself says of it. */
const atFault: Fault = (ended, missing) => {
  if (ended.exitCode === 0) return incomplete(ended, missing);
  if (ended.log.some((line) => LOCK_TIMEOUT.test(line)) && mayTryAgain(ended, missing)) return lockTimeout(ended);
  if (isUnreached(ended) && mayTryAgain(ended, missing)) return unreached(ended);
  return broken(ended, missing);
};

/** A task that was placed but never came to start says so by its reason alone. */
const isHostGone = ({ stopCode = '', stoppedReason = '' }: EndedMigration): boolean =>
  HOST_GONE.has(stopCode) || /^Host EC2 .*terminated/.test(stoppedReason);

/** What a tool that Slipway cannot read has pending stands for itself and has no row in any version table. */
const readablePending = ({ database, pending }: EndedMigration) =>
  database.migrations.tool === 'unknown' ? [] : pending;

/** Unchanged, clean, and everything transactional: then nothing was left behind and a later try may pass. */
const mayTryAgain = ({ pending, applied }: EndedMigration, missing: readonly PendingMigration[]): boolean =>
  pending.length > 0 &&
  missing.length === pending.length &&
  !applied.dirty &&
  pending.every(({ transactional }) => transactional);

/** A container that never started has applied nothing, whatever is pending; a version table that moved speaks against it. */
const isUnmoved = (ended: EndedMigration, missing: readonly PendingMigration[]): boolean =>
  !ended.applied.dirty && missing.length === readablePending(ended).length;

/** By a deadline, by whoever brought the deployment to rest, by the machine below; a task that ends by itself says otherwise. */
const isEndedFromOutside = ({ stopCode = 'EssentialContainerExited' }: EndedMigration): boolean =>
  stopCode !== 'EssentialContainerExited';

const broken = (ended: EndedMigration, missing: readonly PendingMigration[]): Pick<Reason, 'code' | 'message'> => {
  const [first] = missing;
  const at = first ? `Migration ${first.path}${statementAt(first)}` : `The migration of ${ended.database.key}`;
  return {
    code: 'MigrationFailed',
    message: `${at} failed with exit code ${ended.exitCode}${because(ended)}${tail(ended)}${besideIt(ended)}`,
  };
};

/** dbmate names no statement; where a file has one, it must have been that. */
const statementAt = ({ statements }: PendingMigration): string => {
  const [only, ...others] = statements;
  return only && others.length === 0 ? `, line ${only.line} (${only.text}),` : '';
};

const lockTimeout = (ended: EndedMigration): Pick<Reason, 'code' | 'message'> => ({
  code: 'LockTimeout',
  message: `The migration of ${ended.database.key} did not get its lock in time, and nothing was changed${tail(ended)}`,
});

const hostGone = (ended: EndedMigration): Pick<Reason, 'code' | 'message'> => ({
  code: 'HostGone',
  message: `The machine below the migration of ${ended.database.key} went away (${ended.stopCode}: ${ended.stoppedReason ?? 'ECS gives no reason'}), and nothing was changed`,
});

const incomplete = (ended: EndedMigration, missing: readonly PendingMigration[]): Pick<Reason, 'code' | 'message'> => ({
  code: 'MigrationIncomplete',
  message: ended.applied.dirty
    ? `The migration of ${ended.database.key} ended well, but its version table says that it is dirty`
    : `The migration of ${ended.database.key} ended well, but these are not in its version table: ${missing.map(({ path }) => path).join(', ')}`,
});

const cutShort = (ended: EndedMigration): Pick<Reason, 'code' | 'message'> => ({
  code: 'MigrationNotRun',
  message: `The migration of ${ended.database.key} was ended from outside (${ended.stopCode ?? 'no stop code'}): ${ended.stoppedReason ?? 'ECS gives no reason'}${tail(ended)}`,
});

const notStarted = (ended: EndedMigration): Pick<Reason, 'code' | 'message'> => ({
  code: 'MigrationNotStarted',
  message: `The migration container of ${ended.database.key} could not start: ${ended.stoppedReason ?? 'ECS gives no reason'}`,
});

const tail = ({ log }: EndedMigration): string => (log.length > 0 ? `:\n${log.join('\n')}` : '');

/** A container's own reason, such as `OutOfMemoryError`; that an essential container exited says nothing more. */
const because = ({ stoppedReason = '' }: EndedMigration): string =>
  stoppedReason === '' || /^essential container/i.test(stoppedReason) ? '' : ` (${stoppedReason})`;

const failed = (
  ended: EndedMigration,
  { code, message }: Pick<Reason, 'code' | 'message'>,
  missing: readonly PendingMigration[],
): Outcome => {
  const remedy = remedies[code] ?? 'Push again once what ended it has passed';
  const left = NOT_RUN.has(code) ? 'No migration was run' : leftBy(ended, missing);
  const reason: Reason = { code, message, step: ended.step, left, remedy };
  return { ok: false, error: code, cause: message, reason };
};

const NOT_RUN = new Set(['MigrationNotStarted', 'SidecarNotStarted']);

const CORRECT = 'Correct the migration and push again';

const remedies: Readonly<Record<string, string>> = {
  MigrationFailed: CORRECT,
  MigrationIncomplete: CORRECT,
  MigrationNotStarted: 'Correct the image, the command or the secrets of the migration container and push again',
  SidecarNotStarted:
    'See that cluster.aws.o5Sidecar names an image that exists and that the cluster may pull, then push again',
  SidecarUnreachable:
    'See what its log says: the role of migrationTaskRoles has to be allowed to log in, and the server to be reached; then push again',
  LockTimeout: 'Find who holds the lock (pg_stat_activity, pg_locks), end that session or wait for it, then push again',
};

const leftBy = (ended: EndedMigration, missing: readonly PendingMigration[]): string => {
  const pending = readablePending(ended);
  if (pending.length === 0) return 'Slipway cannot tell which migrations have run';
  const done = pending.filter((each) => !missing.includes(each)).map(({ path }) => path);
  const dirty = ended.applied.dirty ? ['The version table is dirty: a migration stopped half way'] : [];
  const loose = missing.some(({ transactional }) => !transactional)
    ? ['What ran outside a transaction may have left something behind']
    : [];
  const standing = done.length > 0 ? `Applied so far: ${done.join(', ')}` : 'The version table lists none of them';
  return [standing, ...dirty, ...loose].join('. ');
};
