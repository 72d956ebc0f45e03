import type { Preview } from '../functions/domain/plan/preview.ts';
import { type Answers, chosenFlow, type Flow } from '../statemachines/chosen-flow.ts';
import { deployment } from '../statemachines/deployment.asl.ts';

/** The steps of the deployment machine that a deployment like this preview would take, were nothing to fail. */
export const previewFlow = ({ strategy, approval, evaluation }: Preview): Flow => {
  if (evaluation.outcome === 'refused') return [];
  const answers: Answers = {
    '$.stack.strategy': strategy,
    '$.plan.answer.mode': evaluation.plan.mode,
    '$.plan.answer.approval': approval,
  };
  return chosenFlow(
    deployment,
    answers,
    evaluation.plan.databases.map(({ database }) => database),
  );
};
