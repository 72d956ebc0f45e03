/** An error in the sense of the States Language: what Retry and Catch match, and how an execution that fails is described. */
export class StateFailure extends Error {
  /** Missing when SendTaskFailure named none. */
  readonly error: string | undefined;
  readonly reason: string | undefined;
  /** A second name that ErrorEquals may use. */
  readonly alias: string | undefined;

  constructor(error: string | undefined, reason?: string, alias?: string) {
    super(reason ?? error ?? 'failed without a name');
    this.error = error;
    this.reason = reason;
    this.alias = alias;
  }
}

/** A fault of the definition against its data; nothing can retry or catch it, the execution fails (AWS: States.Runtime). */
export const runtime = (detail: string): StateFailure => new StateFailure('States.Runtime', detail);

export const timeout = (): StateFailure => new StateFailure('States.Timeout');

/** AWS shows a missed heartbeat as States.Timeout; ErrorEquals may name it either way. */
export const heartbeatTimeout = (): StateFailure =>
  new StateFailure('States.Timeout', undefined, 'States.HeartbeatTimeout');

/** The largest input, output or payload of a state: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const DATA_LIMIT_BYTES = 262_144;

export const dataLimit = (what: string): StateFailure =>
  new StateFailure(
    'States.DataLimitExceeded',
    `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );

/** Names that States.ALL leaves out: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
const beyondAll = new Set(['States.Runtime', 'States.DataLimitExceeded']);

export const isFinal = (failure: StateFailure): boolean => failure.error === 'States.Runtime';

/** Whether a Retry or Catch that lists these names means this failure. */
export const matches = (errorEquals: readonly string[], { error, alias }: StateFailure): boolean =>
  errorEquals.some(
    (name) =>
      name === error ||
      (alias !== undefined && name === alias) ||
      (name === 'States.ALL' && !beyondAll.has(error ?? '')) ||
      (name === 'States.TaskFailed' && error !== 'States.Timeout' && !beyondAll.has(error ?? '')),
  );

/** What a Catch hands on: AWS writes null for what is missing, and an empty cause for a timeout. */
export const errorOutput = ({ error, reason }: StateFailure): { Error: string | null; Cause: string | null } => ({
  Error: error ?? null,
  Cause: reason ?? (error === 'States.Timeout' ? '' : null),
});
