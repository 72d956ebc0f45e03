import { answerPlan, answerSyntax } from '../answer-plan.ts';
import type { Command } from '../command.ts';

/** Signs the plan of a deployment; without a hash it shows what there is to sign. */
export const approve: Command = {
  ...answerSyntax,
  name: 'approve',
  says: 'shows the plan that waits for you; with its hash: signs it',
  run: (given, output) => answerPlan(given, output, true),
};
