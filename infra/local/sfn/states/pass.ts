import { viewOf } from '../context-object.ts';
import { effectiveInput, outputOf } from '../data/flow.ts';
import type { PassState } from '../definition.ts';
import type { Frame, Run } from '../run.ts';
import { exit } from '../transitions.ts';

/** Its Result, taken as it stands; without one, its effective input. */
export const beginPass = (run: Run, frame: Frame, state: PassState): void => {
  const view = viewOf(run, frame, frame.visit.input);
  const input = effectiveInput(state, view); // a path in it that finds nothing is an error, Result or not
  exit(run, frame, outputOf(state, state.Result === undefined ? input : state.Result, view));
};
