import { close } from './close.ts';
import { merged } from './data/flow.ts';
import type { Json } from './data/json.ts';
import type { Catcher, State } from './definition.ts';
import type { Inner } from './execution.ts';
import { DATA_LIMIT_BYTES, dataLimit, errorOutput, isFinal, matches, StateFailure } from './failure.ts';
import { exited, record } from './history.ts';
import { beginIterations } from './iterations.ts';
import { retryOf } from './retry.ts';
import { type Frame, nextSerial, type Run, stateOf } from './run.ts';

/** Runs a part of a state; a failure in the sense of the States Language goes the way of Retry and Catch. */
export const attempt = (run: Run, frame: Frame, work: () => void): void => {
  try {
    work();
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    fail(run, frame, located(frame, error));
  }
};

/** Leaves a state with its output, for its Next (or the one given) or for the end of the branch. */
export const exit = (run: Run, frame: Frame, output: Json, next = nextOf(stateOf(run, frame.visit.state))): void => {
  const { scope, visit } = frame;
  if (Buffer.byteLength(JSON.stringify(output)) > DATA_LIMIT_BYTES) throw dataLimit(visit.state);
  const { Type } = stateOf(run, visit.state);
  scope.last = record(run, `${Type}StateExited`, scope.last, exited(visit.state, output));
  if (next === undefined) endScope(run, frame, output);
  else scope.position = { kind: 'entering', turn: nextSerial(run), state: next, input: output };
};

/**
 * A state failed: retried, caught, or handed to the state around it. What was still at work inside it ends here;
 * `inside` is the branch or iteration that the failure comes from.
 */
export const fail = (run: Run, frame: Frame, failure: StateFailure, inside?: number): void => {
  const { visit, scope } = frame;
  const state = stateOf(run, visit.state);
  if (visit.waiting?.kind === 'inner') abortInner(run, frame, visit.waiting, scope.last, inside);
  delete visit.waiting;
  const retriers = 'Retry' in state ? (state.Retry ?? []) : [];
  const catchers = 'Catch' in state ? (state.Catch ?? []) : [];
  const again = isFinal(failure) ? undefined : retryOf(retriers, failure, frame, run);
  if (again) {
    visit.waiting = again;
    return;
  }
  noteFailed(run, frame, state);
  const catcher = isFinal(failure) ? undefined : catchers.find(({ ErrorEquals }) => matches(ErrorEquals, failure));
  if (catcher) caught(run, frame, failure, catcher);
  else failScope(run, frame, failure);
};

const caught = (run: Run, frame: Frame, failure: StateFailure, catcher: Catcher) => {
  try {
    exit(run, frame, merged(catcher.ResultPath, errorOutput(failure), frame.visit.input), catcher.Next);
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    failScope(run, frame, located(frame, error));
  }
};

const noteFailed = (run: Run, { scope }: Frame, { Type }: State) => {
  if (Type === 'Parallel' || Type === 'Map') scope.last = record(run, `${Type}StateFailed`, scope.last);
};

const failScope = (run: Run, { parent, scope }: Frame, failure: StateFailure) => {
  if (!parent) {
    close(run, 'FAILED', { failure }, scope.last);
    return;
  }
  parent.scope.last = scope.last;
  fail(run, parent, failure, scope.index);
};

/** Notes in the history what the failure of one branch or iteration ends; all these events follow the failure. */
const abortInner = (run: Run, outer: Frame, { scopes, items }: Inner, previous: number, failed?: number) => {
  for (const scope of scopes) {
    if (items) noteIteration(run, scope.index === failed ? 'Failed' : 'Aborted', outer, scope.index, previous);
    if (scope.position.kind !== 'visit') continue;
    abortVisit(run, { scope, visit: scope.position, parent: outer }, previous, scope.index === failed);
  }
};

const abortVisit = (run: Run, frame: Frame, previous: number, isTheFailed: boolean) => {
  const { waiting, state } = frame.visit;
  const { Type } = stateOf(run, state);
  if (waiting?.kind === 'inner') abortInner(run, frame, waiting, previous);
  const isOuter = Type === 'Parallel' || Type === 'Map';
  const isNoted = isOuter ? !isTheFailed : Type === 'Task' || Type === 'Wait';
  if (isNoted) record(run, `${Type}StateAborted`, previous);
};

const endScope = (run: Run, { scope, parent }: Frame, output: Json) => {
  if (!parent) {
    close(run, 'SUCCEEDED', { output: JSON.stringify(output) }, scope.last);
    return;
  }
  const { waiting } = parent.visit;
  if (waiting?.kind !== 'inner') throw new Error(`${parent.visit.state} waits for no branch`);
  waiting.scopes.splice(waiting.scopes.indexOf(scope), 1);
  waiting.results[scope.index] = output;
  waiting.done += 1;
  parent.scope.last = scope.last;
  if (waiting.items) {
    parent.scope.last = noteIteration(run, 'Succeeded', parent, scope.index, scope.last);
    attempt(run, parent, () => beginIterations(run, parent, waiting, scope.last));
  }
  if (waiting.done < waiting.length || parent.visit.waiting !== waiting) return;
  parent.visit.waiting = { kind: 'joined', turn: nextSerial(run), results: waiting.results };
};

const noteIteration = (run: Run, how: string, { visit }: Frame, index: number, previous: number) =>
  record(run, `MapIteration${how}`, previous, {
    [`mapIteration${how}EventDetails`]: { name: visit.state, index },
  });

const nextOf = (state: State): string | undefined => ('Next' in state ? state.Next : undefined);

const lackingPlace = new Set([
  'States.Runtime',
  'States.IntrinsicFailure',
  'States.NoChoiceMatched',
  'States.ResultPathMatchFailure',
]);

/** What goes wrong inside the definition names the state and the event at which it was entered. */
const located = ({ visit }: Frame, failure: StateFailure): StateFailure => {
  if (!lackingPlace.has(failure.error ?? '')) return failure;
  const place = `An error occurred while executing the state '${visit.state}' (entered at the event id #${visit.enteredEvent}).`;
  return new StateFailure(failure.error, `${place} ${failure.reason}`, failure.alias);
};
