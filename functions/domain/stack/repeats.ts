import { namesDeployment, type Stack, type StackEvent } from './stack.ts';

/**
 * Whether the stack shows the effect of this very event already. The answer of a write can be lost after the write was
 * made; whoever then asks again must hear of success, or it gives up on a stack that it holds (a lock that is never freed).
 */
export const repeats = (stack: Stack, event: StackEvent): boolean => {
  switch (event.type) {
    case 'Triggered':
      return namesDeployment(stack, event.entry.deploymentId);
    case 'Claimed':
      return stack.current?.deploymentId === event.deploymentId;
    case 'DeploymentCompleted':
    case 'DeploymentFailed':
    case 'DeploymentTerminated':
      return wasSettledBy(stack, event);
    case 'Withdrawn':
      return !isHeldOrQueued(stack, event.deploymentId);
    case 'CountsRead':
      return isHeldBy(stack, event) && Object.entries(event.counts).every(([name, count]) => keeps(stack, name, count));
    case 'Resumed':
      return stack.status !== 'BROKEN' && stack.resumed?.actor === event.actor;
    case 'SupersedingRecorded':
      return !(stack.superseded ?? []).some(({ deploymentId }) => event.deploymentIds.includes(deploymentId));
  }
};

interface Holder {
  readonly deploymentId: string;
  readonly fence: number;
}

const wasSettledBy = ({ settled }: Stack, { type, deploymentId, fence }: Holder & { type: string }): boolean =>
  settled?.event === type && settled.deploymentId === deploymentId && settled.fence === fence;

const isHeldBy = ({ current }: Stack, { deploymentId, fence }: Holder): boolean =>
  current?.deploymentId === deploymentId && current.fence === fence;

const isHeldOrQueued = ({ current, queue }: Stack, deploymentId: string): boolean =>
  current?.deploymentId === deploymentId || queue.some((entry) => entry.deploymentId === deploymentId);

/** A 0 is kept as any count from before: see `countsRead`. */
const keeps = ({ counts }: Stack, runtime: string, count: number): boolean =>
  counts[runtime] !== undefined && (counts[runtime] === count || count === 0);
