import { viewOf } from '../context-object.ts';
import { chosenInput, chosenOutput } from '../data/flow.ts';
import type { SucceedState } from '../definition.ts';
import type { Frame, Run } from '../run.ts';
import { exit } from '../transitions.ts';

export const beginSucceed = (run: Run, frame: Frame, state: SucceedState): void => {
  const view = viewOf(run, frame, frame.visit.input);
  exit(run, frame, chosenOutput(state, chosenInput(state, view), view));
};
