import type { Deployment, DeploymentEvent, DeploymentStatus } from '../../functions/domain/deployment/deployment.ts';
import { deploymentStatuses, deploymentTransitions } from '../../functions/domain/deployment/transitions.ts';
import type { Transitions } from '../../functions/domain/transitions.ts';
import { aDeployment, reason } from './records.ts';

export interface DeploymentCell {
  readonly name: string;
  readonly event: DeploymentEvent;
  readonly deployment: Deployment | undefined;
  /** What the table says; undefined where it refuses. */
  readonly to: DeploymentStatus | undefined;
  /** The status shows the event's effect already. */
  readonly repeats: boolean;
}

const table: Transitions<DeploymentStatus, DeploymentEvent['type'] | 'Requested'> = deploymentTransitions;

export const deploymentCells = (): readonly DeploymentCell[] =>
  (['NONE', ...deploymentStatuses] as const).flatMap((from) =>
    events.map((event) => {
      const target = table[from][event.type];
      return {
        name: `${from} x ${event.type}`,
        event,
        deployment: from === 'NONE' ? undefined : aDeployment({ id: `d-${from}-${event.type}`, status: from }),
        to: typeof target === 'string' ? target : undefined,
        repeats: (shownBy[event.type] ?? []).includes(from),
      };
    }),
  );

const events: readonly DeploymentEvent[] = [
  { type: 'Triggered', fence: 3 },
  { type: 'StackWaitStarted', executionArn: 'arn:1' },
  { type: 'StackFound' },
  { type: 'PlanStarted' },
  { type: 'Completed' },
  { type: 'Failed', reason },
  { type: 'Terminated', reason },
  { type: 'Superseded', by: 'd-2' },
  { type: 'Rejected', reason },
];

const shownBy: Readonly<Partial<Record<DeploymentEvent['type'], readonly string[]>>> = {
  StackFound: ['AVAILABLE', 'RUNNING', 'DONE'],
  PlanStarted: ['RUNNING', 'DONE'],
  Completed: ['DONE'],
  Failed: ['FAILED'],
  Terminated: ['TERMINATED'],
  Superseded: ['SUPERSEDED'],
  Rejected: ['REJECTED'],
};
