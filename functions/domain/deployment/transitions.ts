import { allowedFrom as allowed, type Transitions } from '../transitions.ts';
import type { DeploymentEvent, DeploymentStatus } from './deployment.ts';

export const deploymentStatuses = [
  'QUEUED',
  'TRIGGERED',
  'WAITING',
  'AVAILABLE',
  'RUNNING',
  'DONE',
  'FAILED',
  'TERMINATED',
  'SUPERSEDED',
  'REJECTED',
] as const satisfies readonly DeploymentStatus[];

/** The one table of the deployment's statuses: decision, database condition, diagram and tests read it. */
export const deploymentTransitions = {
  NONE: { Requested: 'QUEUED' },
  QUEUED: { Triggered: 'TRIGGERED', Terminated: 'TERMINATED', Superseded: 'SUPERSEDED', Rejected: 'REJECTED' },
  TRIGGERED: { StackWaitStarted: 'WAITING', Failed: 'FAILED', Terminated: 'TERMINATED' },
  WAITING: { StackFound: 'AVAILABLE', Failed: 'FAILED', Terminated: 'TERMINATED' },
  AVAILABLE: { PlanStarted: 'RUNNING', Failed: 'FAILED', Terminated: 'TERMINATED' },
  RUNNING: { Completed: 'DONE', Failed: 'FAILED', Terminated: 'TERMINATED' },
  DONE: {},
  FAILED: {},
  TERMINATED: {},
  SUPERSEDED: {},
  REJECTED: {},
} as const satisfies Transitions<DeploymentStatus, DeploymentEvent['type'] | 'Requested'>;

/** The statuses in which a deployment takes an event. */
export const allowedFrom = (event: DeploymentEvent['type']): readonly DeploymentStatus[] =>
  allowed<DeploymentStatus, DeploymentEvent['type'] | 'Requested'>(deploymentTransitions, deploymentStatuses, event);
