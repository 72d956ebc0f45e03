import { close } from './close.ts';
import { heartbeatTimeout, type StateFailure, timeout } from './failure.ts';
import { type Frame, frames, type Run, stateOf } from './run.ts';
import { taskFailed } from './states/task.ts';
import { endWait } from './states/wait.ts';
import { begin, settle } from './step.ts';
import { attempt } from './transitions.ts';

interface Due {
  readonly millis: number;
  readonly ring: () => void;
}

/** When the execution next has to be looked at; undefined while it waits only for what comes from outside. */
export const nextDueMillis = (run: Run): number | undefined => nextDue(run)?.millis;

/** Lives through everything that has fallen due by now, the earliest first. */
export const ringDue = (run: Run): void => {
  for (let due = nextDue(run); due && due.millis <= run.now; due = nextDue(run)) {
    due.ring();
    settle(run);
  }
};

const nextDue = (run: Run): Due | undefined => {
  if (run.execution.status !== 'RUNNING') return undefined;
  let first: Due | undefined;
  for (const frame of frames(run)) {
    for (const due of duesOf(run, frame)) if (!first || due.millis < first.millis) first = due;
  }
  const { timeoutMillis } = run.execution;
  if (timeoutMillis === undefined || (first && first.millis <= timeoutMillis)) return first;
  return { millis: timeoutMillis, ring: () => close(run, 'TIMED_OUT', { failure: timeout() }, 0) };
};

const duesOf = (run: Run, frame: Frame): Due[] => {
  const { waiting } = frame.visit;
  const state = stateOf(run, frame.visit.state);
  if (waiting?.kind === 'again') return [{ millis: waiting.dueMillis, ring: () => begin(run, frame) }];
  if (waiting?.kind === 'delay' && state.Type === 'Wait') {
    return [{ millis: waiting.dueMillis, ring: () => attempt(run, frame, () => endWait(run, frame, state)) }];
  }
  if ((waiting?.kind !== 'invocation' && waiting?.kind !== 'callback') || state.Type !== 'Task') return [];
  const { timeoutMillis, token } = waiting;
  const heartbeatMillis = token === undefined ? undefined : waiting.heartbeatMillis; // who has no token cannot send any
  const failing = (millis: number | undefined, failure: () => StateFailure): Due[] =>
    millis === undefined ? [] : [{ millis, ring: () => taskFailed(run, frame, state, failure()) }];
  return [...failing(timeoutMillis, timeout), ...failing(heartbeatMillis, heartbeatTimeout)];
};
