import type { Availability } from './availability.ts';
import { primaryOf, withDeployment } from './deployments.ts';
import type { ServiceRecord, TaskRecord } from './ecs-records.ts';
import type { SchedulerContext } from './scheduler-context.ts';
import { deploymentEvent, serviceAction } from './service-events.ts';

/** Recognises the moment at which a service is what it is meant to be, and says so once. */
export const serviceSettling = ({ world, arns, services }: SchedulerContext, available: Availability) => {
  const isSettled = (service: ServiceRecord, live: readonly TaskRecord[]) =>
    !service.steady &&
    service.deployments.length === 1 &&
    live.length === service.desiredCount &&
    live.every((task) => available.isAvailable(task));

  const settle = (service: ServiceRecord) => {
    const settled = services.note({ ...completed(service), steady: true }, 'has reached a steady state.');
    world.emit(serviceAction(arns, settled, { name: 'SERVICE_STEADY_STATE', atMillis: world.clock.now() }));
  };

  const completed = (service: ServiceRecord): ServiceRecord => {
    const primary = primaryOf(service);
    if (primary.rolloutState !== 'IN_PROGRESS') return service;
    const done = {
      ...primary,
      rolloutState: 'COMPLETED',
      rolloutStateReason: `ECS deployment ${primary.id} completed.`,
      updatedAtMillis: world.clock.now(),
    } as const;
    const after = { ...withDeployment(service, done), lastCompletedTaskDefinitionArn: primary.taskDefinitionArn };
    world.emit(deploymentEvent(after, done, 'SERVICE_DEPLOYMENT_COMPLETED'));
    return services.note(after, `(deployment ${primary.id}) deployment completed.`);
  };

  return {
    settleWhenDone: (service: ServiceRecord, live: readonly TaskRecord[]): void => {
      if (isSettled(service, live)) settle(service);
    },
  };
};

/** Older deployments go when none of their tasks serves or may yet; those that drain do not count, as on AWS. */
export const withoutEmptyDeployments = (service: ServiceRecord, live: readonly TaskRecord[]): ServiceRecord => {
  const used = new Set(live.map(({ startedBy }) => startedBy));
  const deployments = service.deployments.filter(({ id, status }) => status === 'PRIMARY' || used.has(id));
  return { ...service, deployments };
};
