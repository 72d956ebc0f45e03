import { viewOf } from '../context-object.ts';
import { chosenInput, effectiveInput, outputOf, secondsAt } from '../data/flow.ts';
import type { Json } from '../data/json.ts';
import type { View } from '../data/template.ts';
import type { TaskState } from '../definition.ts';
import { DATA_LIMIT_BYTES, dataLimit, type StateFailure } from '../failure.ts';
import { errorDetails, record } from '../history.ts';
import type { Answer } from '../invocation.ts';
import { type Frame, nextSerial, type Run } from '../run.ts';
import { tokenFrom } from '../token.ts';
import { attempt, exit, fail } from '../transitions.ts';
import { resultOf, targetOf } from './task-call.ts';
import {
  isIntegration,
  LAMBDA_CALLBACK,
  outputDetails,
  type Seconds,
  scheduledEvent,
  taskEvent,
} from './task-events.ts';

/** Schedules the call of the task's function, with a token of its own where the task waits for one. */
export const beginTask = (run: Run, frame: Frame, state: TaskState): void => {
  const { visit, scope } = frame;
  const token = state.Resource === LAMBDA_CALLBACK ? tokenFrom(run.execution.arn, nextSerial(run)) : undefined;
  const view = viewOf(run, frame, visit.input, token === undefined ? {} : { token });
  const input = effectiveInput(state, view);
  const target = targetOf(run, state, input);
  if (Buffer.byteLength(JSON.stringify(input)) > DATA_LIMIT_BYTES) throw dataLimit(visit.state);
  const seconds = secondsOf(state, viewOf(run, frame, chosenInput(state, view)));
  const scheduled = record(run, ...scheduledEvent(run, state, scope.last, input, seconds));
  scope.last = record(run, ...taskEvent(state, 'Started', scheduled));
  const call = nextSerial(run);
  visit.waiting = { kind: 'invocation', call, ...limitsFrom(run, seconds), ...(token === undefined ? {} : { token }) };
  run.calls.push({ call, ...target });
};

/** The function returned: the result of a plain task; for one with a token, the sign that it has been handed over. */
export const functionReturned = (run: Run, frame: Frame, state: TaskState, answer: Answer): void => {
  const { scope, visit } = frame;
  if (Buffer.byteLength(answer.payload) > DATA_LIMIT_BYTES) {
    taskFailed(run, frame, state, dataLimit(isIntegration(state) ? 'lambda' : state.Resource));
    return;
  }
  const result = resultOf(state, answer);
  if (visit.waiting?.kind !== 'invocation' || visit.waiting.token === undefined) {
    taskSucceeded(run, frame, state, result);
    return;
  }
  scope.last = record(run, ...taskEvent(state, 'Submitted', scope.last, outputDetails(result)));
  const { kind: _, call: __, token, ...limits } = visit.waiting;
  visit.waiting = { kind: 'callback', token, ...limits };
};

export const taskSucceeded = (run: Run, frame: Frame, state: TaskState, result: Json): void => {
  const { scope, visit } = frame;
  delete visit.waiting;
  scope.last = record(run, ...taskEvent(state, 'Succeeded', scope.last, outputDetails(result)));
  attempt(run, frame, () => exit(run, frame, outputOf(state, result, viewOf(run, frame, visit.input))));
};

export const taskFailed = (run: Run, frame: Frame, state: TaskState, failure: StateFailure): void => {
  const { scope } = frame;
  const how = failure.error === 'States.Timeout' ? 'TimedOut' : 'Failed';
  scope.last = record(run, ...taskEvent(state, how, scope.last, errorDetails(failure)));
  fail(run, frame, failure);
};

const secondsOf = (state: TaskState, view: View): Seconds => ({
  timeout: seconds(state.TimeoutSeconds, state.TimeoutSecondsPath, 'TimeoutSecondsPath', view),
  heartbeat: seconds(state.HeartbeatSeconds, state.HeartbeatSecondsPath, 'HeartbeatSecondsPath', view),
});

const seconds = (fixed: number | undefined, path: string | undefined, field: string, view: View) =>
  path === undefined ? fixed : secondsAt(path, field, view);

/** Both run from the scheduling of this very try; without them a task may take as long as it likes. */
const limitsFrom = ({ now }: Run, { timeout, heartbeat }: Seconds) => ({
  ...(timeout === undefined ? {} : { timeoutMillis: now + timeout * 1000 }),
  ...(heartbeat === undefined ? {} : { heartbeatSeconds: heartbeat, heartbeatMillis: now + heartbeat * 1000 }),
});
