import { StepFailure } from '../domain/failure.ts';
import type { Strategy } from '../domain/plan/strategy.ts';
import type { Ports } from '../ports.ts';
import { runWaitingStep, type WaitingPorts } from './run-waiting-step.ts';
import type { StepContext, WaitingInput } from './step-context.ts';

/**
 * Makes an empty stack when there is none, so that a first template that fails leaves a stack that can be updated; the
 * husk of a failed create is deleted first. Answers the strategy that really runs: quick only on what exists already.
 */
export const stackCreate = async (
  ports: WaitingPorts & Pick<Ports, 'databases'>,
  input: WaitingInput,
): Promise<void> => {
  await runWaitingStep(ports, input, {
    word: 'StackCreate',
    awaits: () => ({ kind: 'stack-operation', goal: 'CREATE' }),
    call: async (context, token) => {
      const { aws, stack } = context;
      await ports.deployments.apply(input.deploymentId, { type: 'StackFound' });
      await ports.deployments.apply(input.deploymentId, { type: 'PlanStarted' });
      if ((await aws.stacks.operation(stack.name, token)).kind !== 'unknown') return 'called';
      const found = await aws.stacks.find(stack.name);
      if (found?.usable) return { ok: true, output: { strategy: await strategyOf(ports, context) } };
      if (found && !found.husk) throw unusable(found.status, stack.name, found.statusReason);
      if (found) await aws.stacks.remove(stack.name, `${token.slice(0, -2)}-d`);
      await aws.stacks.createEmpty(stack.name, token);
      return 'called';
    },
  });
};

/** Quick runs as full where it has nothing to be quick about: a stack or a database that is new. */
const strategyOf = async (
  { databases }: Pick<Ports, 'databases'>,
  { deployment, release }: StepContext,
): Promise<Strategy> => {
  if (deployment.strategy !== 'quick') return 'full';
  const known = await Promise.all(
    release.databases.map(({ databaseName }) => databases.find(release.environment, databaseName)),
  );
  return known.every((record) => record?.login) ? 'quick' : 'full';
};

const unusable = (status: string, name: string, reason = 'CloudFormation gives no reason') =>
  new StepFailure({
    code: 'StackUnusable',
    message: `CloudFormation stack ${name} stands at ${status} and takes no update: ${reason}`,
    left: 'Nothing was changed',
    remedy: 'Continue or finish its rollback in CloudFormation, then run slipway resume',
  });
