import { type Deployment, isEnded } from '../domain/deployment/deployment.ts';
import { endingOf } from '../domain/deployment/ending.ts';
import { StepFailure } from '../domain/failure.ts';
import { bringsServicesBack, deploysRelease } from '../domain/plan/strategy.ts';
import type { Stack, StackEvent } from '../domain/stack/stack.ts';
import type { Ports } from '../ports.ts';
import { countEnd } from './count-end.ts';
import { type DispatchPorts, dispatchStack } from './dispatch-stack.ts';
import { report } from './report.ts';

export interface SettleInput {
  readonly deploymentId: string;
  readonly stackName: string;
  readonly fence: number;
  readonly end: 'DONE' | 'FAILED';
  /** What the state machine knew at its end: ids, outcomes, and the failure that no step recorded. */
  readonly state?: Readonly<Record<string, unknown>> | undefined;
}

export interface Settled {
  readonly status: string;
  readonly reason: string;
}

/**
 * The end of a deployment: its own terminal status first, then the stack is freed or broken, then GitHub is told and
 * the next one dispatched. Anyone may repeat it.
 */
export const settleDeployment = async (
  ports: DispatchPorts & Pick<Ports, 'events' | 'clock'>,
  input: SettleInput,
): Promise<Settled> => {
  const [stack, found] = await Promise.all([
    ports.stacks.find(input.stackName),
    ports.deployments.find(input.deploymentId),
  ]);
  const stale = staleness(input, stack, found);
  if (stale) return stale;
  const deployment = await ended(ports, input, stack, found);
  await ports.stacks.apply(input.stackName, stackEventOf(deployment, input, stack));
  await Promise.all([report(ports, deployment), dispatchStack(ports, { stackName: input.stackName })]);
  return { status: deployment.status, reason: deployment.reason?.message ?? 'Deployed' };
};

/** An execution that serves another claim than the stack's has no say in the deployment's end. */
const staleness = (
  { deploymentId, stackName, fence }: SettleInput,
  stack: Stack | undefined,
  deployment: Deployment | undefined,
): Settled | undefined => {
  const current = stack?.current;
  const holds = current?.deploymentId === deploymentId && current.fence === fence;
  if (holds || (deployment && isEnded(deployment.status))) return undefined;
  return {
    status: 'STALE',
    reason: `Stack ${stackName} is not held by ${deploymentId} with fence ${fence}: nothing was changed`,
  };
};

const ended = async (
  ports: DispatchPorts,
  input: SettleInput,
  stack: Stack | undefined,
  deployment: Deployment | undefined,
): Promise<Deployment> => {
  const { deploymentId, end, state } = input;
  if (!deployment)
    throw new StepFailure({ code: 'RecordMissing', message: `Deployment ${deploymentId} does not exist` });
  if (isEnded(deployment.status)) return deployment;
  const written = await ports.deployments.apply(deploymentId, eventOf(deployment, end, state, stack));
  countEnd(ports, written);
  if (written.record && isEnded(written.record.status)) return written.record;
  // Somebody asked to end it since it was read: then it ends TERMINATED.
  if (written.kind === 'refused' && written.code === 'Cancelled') return ended(ports, input, stack, written.record);
  throw new Error(
    `Deployment ${deploymentId} refuses its end: ${written.kind === 'refused' ? written.reason : written.kind}`,
  );
};

const eventOf = (
  deployment: Deployment,
  end: SettleInput['end'],
  state: SettleInput['state'],
  stack: Stack | undefined,
) => {
  if (end === 'DONE') return { type: 'Completed' } as const;
  const { reason } = endingOf(deployment, state, stack);
  return { type: deployment.cancelledBy ? 'Terminated' : 'Failed', reason } as const;
};

const stackEventOf = (
  deployment: Deployment,
  { deploymentId, fence }: SettleInput,
  stack: Stack | undefined,
): StackEvent => {
  if (deployment.status === 'DONE') {
    const { strategy, release } = deployment;
    const facts = { ...(deploysRelease(strategy) && { release }), keepsCounts: !bringsServicesBack(strategy) };
    return { type: 'DeploymentCompleted', deploymentId, fence, ...facts };
  }
  const { reason, left } = endingOf(deployment, {}, stack);
  const type = deployment.status === 'TERMINATED' ? 'DeploymentTerminated' : 'DeploymentFailed';
  return { type, deploymentId, fence, reason: deployment.reason ?? reason, left };
};
