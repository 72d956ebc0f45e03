import { close } from './close.ts';
import { viewOf } from './context-object.ts';
import { outputOf } from './data/flow.ts';
import type { State } from './definition.ts';
import type { Entering, Joined } from './execution.ts';
import { entered, record } from './history.ts';
import { type Frame, type Place, places, type Run, stateOf } from './run.ts';
import { beginChoice } from './states/choice.ts';
import { beginFail } from './states/fail.ts';
import { beginMap } from './states/map.ts';
import { beginParallel } from './states/parallel.ts';
import { beginPass } from './states/pass.ts';
import { beginSucceed } from './states/succeed.ts';
import { beginTask } from './states/task.ts';
import { beginWait } from './states/wait.ts';
import { attempt, exit } from './transitions.ts';

/** Lets every scope that can go on do so, one state at a time in turn, until all wait for something outside. */
export const settle = (run: Run): void => {
  for (let ready = nextReady(run); ready; ready = nextReady(run)) {
    if (run.deleting) close(run, 'ABORTED', {}, 0);
    else ready.go();
  }
};

interface Ready {
  readonly turn: number;
  readonly go: () => void;
}

const nextReady = (run: Run): Ready | undefined => {
  let first: Ready | undefined;
  for (const place of places(run)) {
    const ready = readyAt(run, place);
    if (ready && (!first || ready.turn < first.turn)) first = ready;
  }
  return first;
};

const readyAt = (run: Run, place: Place): Ready | undefined => {
  const { position } = place.scope;
  if (position.kind === 'entering') return { turn: position.turn, go: () => enter(run, place, position) };
  const { waiting } = position;
  if (waiting?.kind !== 'joined') return undefined;
  return { turn: waiting.turn, go: () => join(run, { ...place, visit: position }, waiting) };
};

const enter = (run: Run, place: Place, { state, input }: Entering) => {
  const { Type } = stateOf(run, state);
  const enteredEvent = record(run, `${Type}StateEntered`, place.scope.last, entered(state, input));
  const visit = {
    kind: 'visit' as const,
    state,
    input,
    enteredEvent,
    enteredMillis: run.now,
    retries: 0,
    retriesBy: [],
  };
  place.scope.position = visit;
  place.scope.last = enteredEvent;
  begin(run, { ...place, visit });
};

/** Begins the work of a state: when it is entered, and again at each retry. */
export const begin = (run: Run, frame: Frame): void => {
  delete frame.visit.waiting;
  attempt(run, frame, () => beginState(run, frame, stateOf(run, frame.visit.state)));
};

const beginState = (run: Run, frame: Frame, state: State): void => {
  switch (state.Type) {
    case 'Task':
      beginTask(run, frame, state);
      break;
    case 'Parallel':
      beginParallel(run, frame, state);
      break;
    case 'Map':
      beginMap(run, frame, state);
      break;
    case 'Choice':
      beginChoice(run, frame, state);
      break;
    case 'Wait':
      beginWait(run, frame, state);
      break;
    case 'Pass':
      beginPass(run, frame, state);
      break;
    case 'Succeed':
      beginSucceed(run, frame, state);
      break;
    case 'Fail':
      beginFail(run, frame, state);
      break;
  }
};

/** All branches or iterations ended: their outputs, in order, are the result. Both events follow the last of them. */
const join = (run: Run, frame: Frame, { results }: Joined) => {
  const state = stateOf(run, frame.visit.state);
  if (state.Type !== 'Parallel' && state.Type !== 'Map') throw new Error(`${frame.visit.state} has nothing to join`);
  record(run, `${state.Type}StateSucceeded`, frame.scope.last);
  // what a Map calls Parameters shapes its items, not its input
  const { Parameters: _, ...flow } = state;
  delete frame.visit.waiting;
  attempt(run, frame, () => exit(run, frame, outputOf(flow, [...results], viewOf(run, frame, frame.visit.input))));
};
