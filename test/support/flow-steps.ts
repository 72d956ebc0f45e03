import { chosenFlow } from '../../statemachines/chosen-flow.ts';
import { deployment } from '../../statemachines/deployment.asl.ts';
import { flowGraph } from '../../statemachines/flow-graph.ts';

/** The steps of a full deployment in a mode, from the machine itself and in its order, those side by side one after the other. */
export const stepsOf = (mode: string, databases: readonly string[] = ['main']): readonly string[] =>
  flowGraph(chosenFlow(deployment, { '$.stack.strategy': 'full', '$.plan.answer.mode': mode }, databases)).steps;
