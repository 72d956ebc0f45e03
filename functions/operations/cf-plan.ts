import { StepFailure } from '../domain/failure.ts';
import { outwardToken } from '../domain/token.ts';
import type { Ports } from '../ports.ts';
import { evaluateStack, type StackEvaluation } from './evaluate-stack.ts';
import type { MovePorts } from './move-stack.ts';
import { keepFindings, stackFindingsKey } from './plan-document.ts';
import { type RunStepPorts, runStep } from './run-step.ts';
import { liveCounts } from './service-counts.ts';
import { settledValue } from './settled-value.ts';
import { stackParameters } from './stack-parameters.ts';
import type { StepContext, StepInput } from './step-context.ts';

/** Makes a change set for the complete release, reads it, deletes it; what it says is stored for EvalJoin. */
export const cfPlan = (ports: RunStepPorts & MovePorts & Pick<Ports, 'hash'>, input: StepInput): Promise<object> =>
  runStep(ports, input, 'CFPlan', async (context) => {
    const find = () => evaluated(ports, context);
    const { findings } = await keepFindings(ports.documents, stackFindingsKey(input), find, context);
    return { answer: {}, outputs: { changes: String(findings.changes.length), kind: findings.kind } };
  });

const evaluated = async (ports: MovePorts, context: StepContext): Promise<StackEvaluation> => {
  const { aws, input } = context;
  const token = outwardToken(ports.hash, { ...input, step: 'CFPlan', attempt: 1 });
  const [found, counted] = await Promise.allSettled([aws.stacks.find(input.stackName), liveCounts(context)]);
  const standing = settledValue(found);
  if (!standing?.usable)
    throw new StepFailure({
      code: 'StackUnusable',
      message: `Stack ${input.stackName} ${standing ? `stands at ${standing.status}` : 'is gone'}: somebody moved it after this deployment began`,
      left: 'Nothing was changed',
      remedy: 'Push again once it is at rest',
    });
  const choices = { current: standing.parameters, counts: settledValue(counted) };
  return evaluateStack(ports, context, { token, parameters: () => stackParameters(ports, context, choices) });
};
