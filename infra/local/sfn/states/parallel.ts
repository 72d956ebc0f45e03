import { viewOf } from '../context-object.ts';
import { effectiveInput } from '../data/flow.ts';
import type { ParallelState } from '../definition.ts';
import { record } from '../history.ts';
import { type Frame, nextSerial, type Run } from '../run.ts';

/** All branches at once, each with a copy of the effective input. */
export const beginParallel = (run: Run, frame: Frame, { Branches, ...state }: ParallelState): void => {
  const { scope, visit } = frame;
  const input = effectiveInput(state, viewOf(run, frame, visit.input));
  const last = record(run, 'ParallelStateStarted', scope.last);
  scope.last = last;
  visit.waiting = {
    kind: 'inner',
    scopes: Branches.map(({ StartAt }, index) => ({
      index,
      last,
      position: { kind: 'entering', turn: nextSerial(run), state: StartAt, input },
    })),
    results: [],
    done: 0,
    length: Branches.length,
    begun: Branches.length,
    concurrency: Branches.length,
  };
};
