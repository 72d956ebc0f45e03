import { answerPlan, answerSyntax } from '../answer-plan.ts';
import type { Command } from '../command.ts';

/** Refuses the plan of a deployment, which then ends without having changed anything. */
export const refuse: Command = {
  ...answerSyntax,
  name: 'refuse',
  says: 'shows the plan that waits for you; with its hash: ends the deployment, nothing is changed',
  run: (given, output) => answerPlan(given, output, false),
};
