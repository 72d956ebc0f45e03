import type { Callback, Outcome } from '../domain/callback.ts';
import { approvalOutcome } from '../domain/deployment/approval.ts';
import type { ClusterPorts, Ports, StackOperation } from '../ports.ts';
import { atRest } from './at-rest.ts';
import { type JudgePorts, judgeTask } from './judge-task.ts';
import { imagesOverdue, type PinPorts, pinnedImages } from './pin-images.ts';
import { tasksStopped } from './tasks-stopped.ts';

export type TruthPorts = JudgePorts & PinPorts & Pick<Ports, 'callbacks' | 'deployments' | 'machines' | 'clock'>;

/**
 * Asks the operation itself whether it has ended: events are hints, and a stack's status alone may be somebody else's.
 * Undefined while it goes on.
 */
export const readTruth = async (
  ports: TruthPorts,
  callback: Callback,
  aws: ClusterPorts,
): Promise<Outcome | undefined> => {
  const { waitsFor } = callback;
  switch (waitsFor.kind) {
    case 'stack-operation': {
      const ended = outcomeOf(callback, await aws.stacks.operation(callback.stackName, callback.token));
      return ended?.ok && waitsFor.then ? tasksStopped(ports, callback, waitsFor.then, aws, ended) : ended;
    }
    case 'stack-rest': {
      const stack = await aws.stacks.find(callback.stackName);
      if (stack && !stack.atRest) return undefined;
      return { ok: true, output: { stack: stack ? stack.status : 'missing' } };
    }
    case 'rest':
      return atRest(ports, callback, waitsFor.tokens, aws);
    case 'task':
      return judgeTask(ports, callback, waitsFor, aws);
    case 'image':
      return (
        (await pinnedImages(ports, callback, waitsFor, aws)) ??
        imagesOverdue(callback, waitsFor.images, ports.clock.now())
      );
    case 'approval':
      return answered(ports, callback, waitsFor.planHash);
  }
};

/** What a person has signed stands in the record of the deployment, whether its callback was reached or not. */
const answered = async (
  { deployments }: Pick<Ports, 'deployments'>,
  { deploymentId }: Callback,
  planHash: string,
): Promise<Outcome | undefined> => {
  const approval = (await deployments.find(deploymentId))?.approval;
  return approval?.hash === planHash ? approvalOutcome(approval) : undefined;
};

/** On a stack that was only just made there is nothing to be quick about. */
const newStack = ({ waitsFor }: Callback) =>
  waitsFor.kind === 'stack-operation' && waitsFor.goal === 'CREATE' ? { strategy: 'full' } : {};

const outcomeOf = (callback: Callback, operation: StackOperation): Outcome | undefined => {
  if (operation.kind !== 'ended') return undefined;
  if (operation.succeeded) return { ok: true, output: { status: operation.status, ...newStack(callback) } };
  const [first] = operation.failures;
  const at = first ? `${first.logicalId} (${first.type}): ${first.reason}` : 'CloudFormation named no resource';
  const message = `Stack ${callback.stackName} ended ${operation.status}: ${at}`;
  return {
    ok: false,
    error: 'StackFailed',
    cause: message,
    reason: {
      code: 'StackFailed',
      message,
      step: callback.step,
      left: operation.rolledBack
        ? 'CloudFormation has rolled the stack back to what ran before'
        : `The stack stands at ${operation.status}`,
      remedy: 'Correct what the resource complains about and push again',
    },
  };
};
