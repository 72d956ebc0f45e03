import { chosenFlow, type Flow } from '../../statemachines/chosen-flow.ts';
import { deployment } from '../../statemachines/deployment.asl.ts';

/** The steps of a full deployment in a mode, from the machine itself and in its order, those side by side one after the other. */
export const stepsOf = (mode: string, databases: readonly string[] = ['main']): readonly string[] =>
  chosenFlow(deployment, { '$.stack.strategy': 'full', '$.plan.answer.mode': mode }, databases).flatMap(stepsIn);

const stepsIn = (part: Flow[number]): readonly string[] =>
  'name' in part ? [part.name] : part.flatMap((flow) => flow.flatMap(stepsIn));
