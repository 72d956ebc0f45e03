import { takesNoUpdate } from '../domain/cloudformation-status.ts';
import type { Deployment } from '../domain/deployment/deployment.ts';
import { StepFailure } from '../domain/failure.ts';
import { mayMakeStack, type Strategy } from '../domain/plan/strategy.ts';
import { isEmptyTemplate } from '../domain/template/empty-template.ts';
import type { CfnStack, Ports } from '../ports.ts';
import { mayBeQuick } from './may-be-quick.ts';
import { hasBegun, isUnderWay } from './move-stack.ts';
import { runStandingStep, type WaitingPorts } from './run-waiting-step.ts';
import { getRelease, type Standing, type WaitingInput } from './step-context.ts';

/**
 * Makes an empty stack when there is none, so that a first template that fails leaves a stack that can be updated; the
 * husk of a failed create is deleted first. Answers the strategy that really runs: quick only on what exists already.
 * A strategy that needs a stack, or needs that there is none, is refused here.
 */
export const stackCreate = async (
  ports: WaitingPorts & Pick<Ports, 'databases'>,
  input: WaitingInput,
): Promise<void> => {
  await runStandingStep(ports, input, {
    word: 'StackCreate',
    awaits: ({ deployment }) => ({ kind: 'stack-operation', goal: 'CREATE', strategy: onNewStack(deployment) }),
    call: async (context, token) => {
      const { aws, stack } = context;
      await ports.deployments.apply(input.deploymentId, { type: 'StackFound' });
      await ports.deployments.apply(input.deploymentId, { type: 'PlanStarted' });
      if (await isUnderWay(context, token)) return 'called';
      const found = await aws.stacks.find(stack.name);
      if (found?.usable) return { ok: true, output: { strategy: await strategyOf(ports, context) } };
      // A call of ours that was believed dead may have begun it since we looked.
      if (found && !found.husk && (await hasBegun(context, token))) return 'called';
      if (found && !found.husk) throw unusable(found);
      if (!mayMakeStack(context.deployment.strategy)) throw stackMissing(context, found?.status);
      if (found) await aws.stacks.remove(stack.name, `${token.slice(0, -2)}-d`);
      await aws.stacks.createEmpty(stack.name, token);
      return 'called';
    },
  });
};

/** There is nothing to be quick about. */
const onNewStack = ({ strategy }: Deployment): Strategy => (strategy === 'quick' ? 'full' : strategy);

/** Quick runs as full where it has nothing to be quick about: a stack or a database that is new. */
const strategyOf = async (
  ports: Pick<Ports, 'databases' | 'documents'>,
  { deployment, stack, aws }: Standing,
): Promise<Strategy> => {
  if (deployment.strategy === 'import' && !isEmptyTemplate(await aws.stacks.template(stack.name)))
    throw stackExists(stack.name);
  if (deployment.strategy !== 'quick') return deployment.strategy;
  return (await mayBeQuick(ports, await getRelease(ports, deployment))) ? 'quick' : 'full';
};

const stackMissing = ({ stack, deployment }: Standing, status: string | undefined) =>
  new StepFailure({
    code: 'StackMissing',
    message: `${deployment.strategy} needs the CloudFormation stack ${stack.name}, which ${status ? `stands at ${status} and holds nothing` : 'does not exist'}`,
    left: 'Nothing was changed',
    remedy: 'Deploy the application first, with the strategy full',
  });

const stackExists = (name: string) =>
  new StepFailure({
    code: 'StackExists',
    message: `import makes a stack of what an earlier one left behind, but CloudFormation stack ${name} exists and holds resources`,
    left: 'Nothing was changed',
    remedy: 'Deploy with the strategy full; what the stack holds already needs no import',
  });

const unusable = (found: CfnStack) =>
  new StepFailure({
    code: 'StackUnusable',
    message: takesNoUpdate(found),
    left: 'Nothing was changed',
    remedy: 'Continue or finish its rollback in CloudFormation, then run slipway resume',
  });
