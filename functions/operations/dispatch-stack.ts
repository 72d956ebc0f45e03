import { isEnded } from '../domain/deployment/deployment.ts';
import { Transient } from '../domain/failure.ts';
import type { Stack } from '../domain/stack/stack.ts';
import type { Ports } from '../ports.ts';
import { recordSuperseded } from './record-superseded.ts';
import { type ReportPorts, report } from './report.ts';
import { startExecution } from './start-execution.ts';
import { withdrawDeployment } from './withdraw-deployment.ts';

export type DispatchPorts = ReportPorts & Pick<Ports, 'stacks' | 'deployments' | 'machines' | 'documents'>;

/** Each round takes an ended deployment out of the queue or meets another writer. */
const MOST_ROUNDS = 120;

export type Dispatched =
  | { readonly outcome: 'STARTED'; readonly deploymentId: string }
  | { readonly outcome: 'BUSY' | 'EMPTY' | 'HELD' };

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
    const dispatched = stack.current ? await startCurrent(ports, stack) : await claimNext(ports, stack);
    if (dispatched) return dispatched;
  }
  throw new Transient('Throttled', `Stack ${stackName} is moved by others faster than it can be read`);
};

/** Claims the stack for the head of its queue, or takes one out that runs no more; undefined to look again. */
const claimNext = async (ports: DispatchPorts, { name, status, queue }: Stack): Promise<Dispatched | undefined> => {
  if (status === 'BROKEN') return { outcome: 'HELD' };
  const [head] = queue;
  if (!head) return { outcome: 'EMPTY' };
  const { deploymentId } = head;
  const deployment = await ports.deployments.find(deploymentId);
  const isOver = !deployment || isEnded(deployment.status);
  if (!isOver && deployment.cancelledBy) await withdrawDeployment(ports, deployment);
  else await ports.stacks.apply(name, { type: isOver ? 'Withdrawn' : 'Claimed', deploymentId });
  return undefined;
};

/**
 * Closes the gap between claim and start: the holder's execution is started unless it is known to have been. Undefined
 * to look again, when it was cancelled before it began and was let go.
 */
const startCurrent = async (ports: DispatchPorts, { current }: Stack): Promise<Dispatched | undefined> => {
  if (!current) return { outcome: 'EMPTY' };
  const deployment = await ports.deployments.find(current.deploymentId);
  if (!deployment || deployment.executionArn || isEnded(deployment.status)) return { outcome: 'BUSY' };
  const triggered = await ports.deployments.apply(deployment.id, { type: 'Triggered', fence: current.fence });
  if (triggered.kind === 'refused' && triggered.code === 'Cancelled') {
    await withdrawDeployment(ports, triggered.record ?? deployment);
    return undefined;
  }
  // It came to an end between the claim and now: the sweeper lets it go without a run.
  if (triggered.kind === 'refused') return { outcome: 'BUSY' };
  await startExecution(ports, { deployment, fence: current.fence });
  if (triggered.kind === 'moved') await report(ports, triggered.record);
  return { outcome: 'STARTED', deploymentId: deployment.id };
};
