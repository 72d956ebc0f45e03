import type { Execution } from './execution.ts';
import type { StateFailure } from './failure.ts';
import { append, errorDetails } from './history.ts';
import type { Run } from './run.ts';

interface Ending {
  readonly output?: string;
  readonly failure?: StateFailure;
}

const closingEvents = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
} as const;

/** Ends the execution: nothing of it goes on. */
export const close = (
  run: Run,
  status: Exclude<Execution['status'], 'RUNNING'>,
  { output, failure }: Ending,
  previous: number,
): void => {
  const { execution } = run;
  delete execution.root;
  execution.status = status;
  execution.stopMillis = run.now;
  if (output !== undefined) execution.output = output;
  if (failure?.error !== undefined) execution.error = failure.error;
  if (failure?.reason !== undefined) execution.cause = failure.reason;
  const type = closingEvents[status];
  const key = `e${type.slice(1)}EventDetails` as const;
  const details = output === undefined ? errorDetails(failure ?? {}) : { output, outputDetails: { truncated: false } };
  append(run, type, previous, { [key]: details });
};
