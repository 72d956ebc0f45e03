import type { Callback, Outcome } from '../domain/callback.ts';
import { approvalOutcome } from '../domain/deployment/approval.ts';
import type { ClusterPorts, Ports } from '../ports.ts';
import { atRest } from './at-rest.ts';
import { type JudgePorts, judgeTask } from './judge-task.ts';
import { digestsOf, imagesOverdue, type PinPorts, pinnedImages } from './pin-images.ts';
import { restarted } from './restarted.ts';
import { stackOutcome } from './stack-outcome.ts';
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
  /** Of the stack that an event told of. */
  stackId?: string,
): Promise<Outcome | undefined> => {
  const { waitsFor } = callback;
  switch (waitsFor.kind) {
    case 'stack-operation': {
      const ended = await stackOutcome(ports, callback, aws, stackId);
      return ended?.ok && waitsFor.then ? tasksStopped(ports, callback, waitsFor.then, aws, ended) : ended;
    }
    case 'restart':
      return restarted(callback, waitsFor.rollouts, aws);
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
        (await pinnedImages(ports, waitsFor.draft, await digestsOf(aws, waitsFor.images))) ??
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
