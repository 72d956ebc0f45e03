import { randomInt } from 'node:crypto';
import type { DeploymentRecord, ServiceRecord } from './ecs-records.ts';
import { failureThreshold } from './launch-limits.ts';

/** The deployment that new tasks belong to. */
export const primaryOf = (service: ServiceRecord): DeploymentRecord => {
  const primary = service.deployments.find(({ status }) => status === 'PRIMARY');
  if (!primary) throw new Error(`the service ${service.arn} has no primary deployment`);
  return primary;
};

/** The service with a new primary deployment; those before it are on their way out. */
export const withNewDeployment = (
  service: ServiceRecord,
  taskDefinitionArn: string,
  atMillis: number,
  reason?: string,
): ServiceRecord => {
  const id = `ecs-svc/${randomInt(10 ** 9, 10 ** 10)}${randomInt(10 ** 8, 10 ** 9)}`;
  const primary: DeploymentRecord = {
    id,
    status: 'PRIMARY',
    taskDefinitionArn,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: reason ?? `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    createdAtMillis: atMillis,
    updatedAtMillis: atMillis,
  };
  const older = service.deployments.map((one) => ({ ...one, status: 'ACTIVE' as const }));
  return { ...service, taskDefinitionArn, deployments: [primary, ...older], steady: false };
};

export const withDeployment = (service: ServiceRecord, changed: DeploymentRecord): ServiceRecord => ({
  ...service,
  deployments: service.deployments.map((one) => (one.id === changed.id ? changed : one)),
});

/** Whether the circuit breaker opens; without one a deployment may fail for ever. */
export const isBroken = (service: ServiceRecord, deployment: DeploymentRecord): boolean =>
  service.circuitBreaker.enable &&
  deployment.rolloutState === 'IN_PROGRESS' &&
  deployment.failedTasks >= failureThreshold(service.desiredCount);

/** The failed deployment, and the one that takes back what ran before when there is one and rolling back is asked for. */
export const withBrokenDeployment = (
  service: ServiceRecord,
  broken: DeploymentRecord,
  atMillis: number,
): ServiceRecord => {
  const failed: ServiceRecord = {
    ...withDeployment(service, {
      ...broken,
      rolloutState: 'FAILED',
      rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
      updatedAtMillis: atMillis,
    }),
    failedDeploymentIds: [broken.id, ...service.failedDeploymentIds].slice(0, 20),
  };
  const before = service.lastCompletedTaskDefinitionArn;
  if (!service.circuitBreaker.rollback || !before || before === broken.taskDefinitionArn) return failed;
  return withNewDeployment(
    failed,
    before,
    atMillis,
    'ECS deployment circuit breaker: rolling back to the last completed deployment.',
  );
};
