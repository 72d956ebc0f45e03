import type { Deployment, DeploymentStatus } from '../domain/deployment/deployment.ts';
import type { Counter } from '../domain/metrics.ts';
import type { Ports, Written } from '../ports.ts';

const counters: Readonly<Partial<Record<DeploymentStatus, Counter>>> = {
  DONE: 'DeploymentsDone',
  FAILED: 'DeploymentsFailed',
  TERMINATED: 'DeploymentsTerminated',
  SUPERSEDED: 'DeploymentsSuperseded',
  REJECTED: 'DeploymentsRejected',
};

/** Counts the end of a deployment that this very write has brought; a repeated write counts nothing. */
export const countEnd = ({ log }: Pick<Ports, 'log'>, written: Written<Deployment>): void => {
  if (written.kind !== 'moved') return;
  const { status, createdAt, updatedAt } = written.record;
  const counter = counters[status];
  if (counter) log.count(counter);
  if (status === 'DONE') log.measure('DeploymentSeconds', (Date.parse(updatedAt) - Date.parse(createdAt)) / 1000);
};
