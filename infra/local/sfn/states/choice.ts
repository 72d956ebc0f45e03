import { holds } from '../choice/rule.ts';
import { viewOf } from '../context-object.ts';
import { chosenInput, chosenOutput } from '../data/flow.ts';
import type { ChoiceState } from '../definition.ts';
import { StateFailure } from '../failure.ts';
import type { Frame, Run } from '../run.ts';
import { exit } from '../transitions.ts';

/** The first rule that holds says where to go. */
export const beginChoice = (run: Run, frame: Frame, state: ChoiceState): void => {
  const view = viewOf(run, frame, frame.visit.input);
  const input = chosenInput(state, view);
  const inside = viewOf(run, frame, input);
  const next = state.Choices.find((rule) => holds(rule, inside))?.Next ?? state.Default;
  if (next === undefined) {
    throw new StateFailure(
      'States.NoChoiceMatched',
      'Failed to transition out of the state. The state does not point to a next state.',
    );
  }
  exit(run, frame, chosenOutput(state, input, view), next);
};
