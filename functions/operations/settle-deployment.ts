import { type Deployment, isEnded } from '../domain/deployment/deployment.ts';
import { endingOf } from '../domain/deployment/ending.ts';
import { StepFailure } from '../domain/failure.ts';
import type { StackEvent } from '../domain/stack/stack.ts';
import type { Ports } from '../ports.ts';
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
  const stale = await staleness(ports, input);
  if (stale) return stale;
  const deployment = await ended(ports, input);
  await ports.stacks.apply(input.stackName, stackEventOf(deployment, input));
  await report(ports, deployment);
  await dispatchStack(ports, { stackName: input.stackName });
  return { status: deployment.status, reason: deployment.reason?.message ?? 'Deployed' };
};

/** An execution that serves another claim than the stack's has no say in the deployment's end. */
const staleness = async (
  ports: DispatchPorts,
  { deploymentId, stackName, fence }: SettleInput,
): Promise<Settled | undefined> => {
  const [stack, deployment] = await Promise.all([ports.stacks.find(stackName), ports.deployments.find(deploymentId)]);
  const current = stack?.current;
  const holds = current?.deploymentId === deploymentId && current.fence === fence;
  if (holds || (deployment && isEnded(deployment.status))) return undefined;
  return {
    status: 'STALE',
    reason: `Stack ${stackName} is not held by ${deploymentId} with fence ${fence}: nothing was changed`,
  };
};

const ended = async (ports: DispatchPorts, { deploymentId, end, state }: SettleInput): Promise<Deployment> => {
  const deployment = await ports.deployments.find(deploymentId);
  if (!deployment)
    throw new StepFailure({ code: 'RecordMissing', message: `Deployment ${deploymentId} does not exist` });
  if (isEnded(deployment.status)) return deployment;
  const written = await ports.deployments.apply(deploymentId, eventOf(deployment, end, state));
  if (written.record && isEnded(written.record.status)) return written.record;
  throw new Error(
    `Deployment ${deploymentId} refuses its end: ${written.kind === 'refused' ? written.reason : written.kind}`,
  );
};

const eventOf = (deployment: Deployment, end: SettleInput['end'], state: SettleInput['state']) => {
  if (end === 'DONE') return { type: 'Completed' } as const;
  const { reason } = endingOf(deployment, state);
  return { type: deployment.cancelledBy ? 'Terminated' : 'Failed', reason } as const;
};

const stackEventOf = (deployment: Deployment, { deploymentId, fence }: SettleInput): StackEvent => {
  if (deployment.status === 'DONE')
    return { type: 'DeploymentCompleted', deploymentId, fence, release: deployment.release };
  const { reason, left } = endingOf(deployment);
  const type = deployment.status === 'TERMINATED' ? 'DeploymentTerminated' : 'DeploymentFailed';
  return { type, deploymentId, fence, reason: deployment.reason ?? reason, left };
};
