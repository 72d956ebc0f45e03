import { type Transitions, targetOf } from '../transitions.ts';
import { type Deployment, type DeploymentEvent, type DeploymentStatus, isEnded } from './deployment.ts';
import { unfinishedSteps } from './steps.ts';
import { deploymentTransitions } from './transitions.ts';

export type DeploymentRefusalCode =
  | 'NoSuchDeployment'
  /** The status does not take this event. */
  | 'StatusRefuses'
  /** Not the fence under which the deployment runs. */
  | 'StaleFence'
  /** DONE was asked for while steps are open or failed. */
  | 'StepsUnfinished'
  /** Someone asked to end it: it begins no more, and its end is TERMINATED. */
  | 'Cancelled'
  /** The id belongs to another request. */
  | 'IdTaken'
  /** The plan has been approved or refused by somebody before. */
  | 'Answered';

export type DeploymentTransition =
  | { readonly kind: 'moved'; readonly deployment: Deployment }
  /** The deployment shows this event's own effect already; the first one to end it has said why. */
  | { readonly kind: 'repeated'; readonly deployment: Deployment }
  | { readonly kind: 'refused'; readonly code: DeploymentRefusalCode; readonly reason: string };

/** The deployment after an event that happened `at` (ISO time), or why not. Pure; the status comes from the table. */
export const transition = (
  deployment: Deployment | undefined,
  event: DeploymentEvent,
  at: string,
): DeploymentTransition => {
  if (!deployment)
    return { kind: 'refused', code: 'NoSuchDeployment', reason: `There is no deployment for ${event.type}` };
  if (repeats(deployment, event)) return { kind: 'repeated', deployment };
  const status = targetOf(table, deployment.status, event.type);
  if (!status) return statusRefuses(deployment, event);
  if (deployment.cancelledBy && (event.type === 'Triggered' || event.type === 'Failed'))
    return {
      kind: 'refused',
      code: 'Cancelled',
      reason: `${deployment.cancelledBy} asked to end deployment ${deployment.id}: it does not take ${event.type}`,
    };
  const unfinished = event.type === 'Completed' ? unfinishedSteps(deployment.steps) : [];
  if (unfinished.length > 0) {
    const steps = unfinished.map(({ name, status: step }) => `${name} is ${step}`).join(', ');
    return { kind: 'refused', code: 'StepsUnfinished', reason: `Deployment ${deployment.id} is not done: ${steps}` };
  }
  return { kind: 'moved', deployment: { ...deployment, ...factsOf(event), status, updatedAt: at } };
};

const table: Transitions<DeploymentStatus, DeploymentEvent['type'] | 'Requested'> = deploymentTransitions;

/** What an event tells besides the status. */
const factsOf = (event: DeploymentEvent): Partial<Deployment> => {
  switch (event.type) {
    case 'Triggered':
      return { fence: event.fence };
    case 'StackWaitStarted':
      return { executionArn: event.executionArn };
    case 'Failed':
    case 'Terminated':
    case 'Rejected':
      return { reason: event.reason };
    case 'Superseded':
      return { supersededBy: event.by, reason: superseded(event.by) };
    case 'StackFound':
    case 'PlanStarted':
    case 'Completed':
      return {};
  }
};

const superseded = (by: string) => ({
  code: 'Superseded',
  message: `Deployment ${by} of the same branch runs instead`,
  left: 'Nothing was changed: it had not started',
});

const repeats = (deployment: Deployment, event: DeploymentEvent): boolean => {
  const { status, fence, executionArn } = deployment;
  switch (event.type) {
    case 'Triggered':
      return fence === event.fence;
    case 'StackWaitStarted':
      return executionArn === event.executionArn;
    case 'StackFound':
      return status === 'AVAILABLE' || status === 'RUNNING' || status === 'DONE';
    case 'PlanStarted':
      return status === 'RUNNING' || status === 'DONE';
    case 'Completed':
    case 'Failed':
    case 'Terminated':
    case 'Superseded':
    case 'Rejected':
      return status === endOf[event.type];
  }
};

const endOf = {
  Completed: deploymentTransitions.RUNNING.Completed,
  Failed: deploymentTransitions.RUNNING.Failed,
  Terminated: deploymentTransitions.QUEUED.Terminated,
  Superseded: deploymentTransitions.QUEUED.Superseded,
  Rejected: deploymentTransitions.QUEUED.Rejected,
} as const;

const statusRefuses = ({ id, status, reason }: Deployment, { type }: DeploymentEvent): DeploymentTransition => {
  const ended = isEnded(status)
    ? `; it ended${reason ? `: ${reason.message}` : ''}, and nothing moves it any more`
    : '';
  return {
    kind: 'refused',
    code: 'StatusRefuses',
    reason: `Deployment ${id} is ${status} and does not take ${type}${ended}`,
  };
};
