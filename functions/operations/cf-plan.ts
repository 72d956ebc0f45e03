import { StepFailure } from '../domain/failure.ts';
import { stackFindings } from '../domain/plan/stack-findings.ts';
import { outwardToken } from '../domain/token.ts';
import type { Ports } from '../ports.ts';
import { type MovePorts, templateUrl } from './move-stack.ts';
import { keepFindings, stackFindingsKey } from './plan-document.ts';
import { type RunStepPorts, runStep } from './run-step.ts';
import { serviceArns } from './service-arns.ts';
import { liveCounts } from './service-counts.ts';
import { stackParameters } from './stack-parameters.ts';
import type { StepContext, StepInput } from './step-context.ts';

/** Makes a change set for the complete release, reads it, deletes it; what it says is stored for EvalJoin. */
export const cfPlan = (ports: RunStepPorts & MovePorts & Pick<Ports, 'hash'>, input: StepInput): Promise<object> =>
  runStep(ports, input, 'CFPlan', async (context) => {
    const { findings } = await keepFindings(ports.documents, stackFindingsKey(input), () => found(ports, context));
    return { answer: {}, outputs: { changes: String(findings.changes.length), kind: findings.kind } };
  });

const found = async (ports: MovePorts, context: StepContext) => {
  const { aws, release, stack } = context;
  const running = await aws.stacks.template(stack.name);
  const prepared = await prepare(ports, context);
  await aws.stacks.discard(prepared.id);
  const findings = stackFindings({
    prepared,
    running,
    release: release.template,
    parameters: prepared.parameters,
  });
  const previousHealthy = stack.release !== undefined && (await aws.tasks.steady(await serviceArns(aws, stack.name)));
  return { findings, previousHealthy };
};

const prepare = async (ports: MovePorts, context: StepContext) => {
  const { aws, release, input } = context;
  const token = outwardToken(ports.hash, { ...input, step: 'CFPlan', attempt: 1 });
  const found = await aws.stacks.find(input.stackName);
  if (!found?.usable)
    throw new StepFailure({
      code: 'StackUnusable',
      message: `Stack ${input.stackName} ${found ? `stands at ${found.status}` : 'is gone'}: somebody moved it after this deployment began`,
      left: 'Nothing was changed',
      remedy: 'Push again once it is at rest',
    });
  const parameters = await stackParameters(ports, context, {
    current: found.parameters,
    counts: await liveCounts(context),
  });
  const url = await templateUrl(ports, release.template);
  const request = { stackName: input.stackName, name: token, templateUrl: url, parameters, token };
  return { ...(await aws.stacks.prepare(request)), parameters };
};
