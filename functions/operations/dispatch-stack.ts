import { isEnded } from '../domain/deployment/deployment.ts';
import { Transient } from '../domain/failure.ts';
import type { Stack } from '../domain/stack/stack.ts';
import type { Ports } from '../ports.ts';
import { recordSuperseded } from './record-superseded.ts';
import { type ReportPorts, report } from './report.ts';
import { startExecution } from './start-execution.ts';

export type DispatchPorts = ReportPorts & Pick<Ports, 'stacks' | 'deployments' | 'machines' | 'documents'>;

/** Each round takes an ended deployment out of the queue or meets another writer. */
const MOST_ROUNDS = 120;

export type Dispatched = { readonly outcome: 'STARTED' | 'BUSY' | 'EMPTY' | 'HELD' };

/**
 * Claims the stack for the head of its queue if it is free, and starts its deployment. Anyone may repeat it at any
 * time: the claim is one conditional write, and the execution is named after deployment and fence.
 */
export const dispatchStack = async (
  ports: DispatchPorts,
  { stackName }: { readonly stackName: string },
): Promise<Dispatched> => {
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const stack = await ports.stacks.find(stackName);
    if (!stack) return { outcome: 'EMPTY' };
    await recordSuperseded(ports, stack);
    if (stack.current) return startCurrent(ports, stack);
    if (stack.status === 'BROKEN') return { outcome: 'HELD' };
    const [head] = stack.queue;
    if (!head) return { outcome: 'EMPTY' };
    const deployment = await ports.deployments.find(head.deploymentId);
    const event =
      !deployment || isEnded(deployment.status)
        ? ({ type: 'Withdrawn', deploymentId: head.deploymentId } as const)
        : ({ type: 'Claimed', deploymentId: head.deploymentId } as const);
    await ports.stacks.apply(stackName, event);
  }
  throw new Transient('Throttled', `Stack ${stackName} is moved by others faster than it can be read`);
};

/** Closes the gap between claim and start: the holder's execution is started unless it is known to have been. */
const startCurrent = async (ports: DispatchPorts, { current }: Stack): Promise<Dispatched> => {
  if (!current) return { outcome: 'EMPTY' };
  const deployment = await ports.deployments.find(current.deploymentId);
  if (!deployment || deployment.executionArn || isEnded(deployment.status)) return { outcome: 'BUSY' };
  const triggered = await ports.deployments.apply(deployment.id, { type: 'Triggered', fence: current.fence });
  // It came to an end between the claim and now: the sweeper lets it go without a run.
  if (triggered.kind === 'refused') return { outcome: 'BUSY' };
  await startExecution(ports, { deployment, fence: current.fence });
  if (triggered.kind === 'moved') await report(ports, triggered.record);
  return { outcome: 'STARTED' };
};
