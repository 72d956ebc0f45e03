import { primaryOf } from './deployments.ts';
import type { ServiceRecord } from './ecs-records.ts';
import { backOffMillis } from './launch-limits.ts';
import type { SchedulerContext } from './scheduler-context.ts';
import { serviceAction } from './service-events.ts';

/** How soon a service that found no place for a task looks for one again. */
const PLACEMENT_MILLIS = 1000;

/** Starts tasks of a service, not before its back-off allows it; `wakeAfter` has the service looked at again. */
export const serviceLaunches = (
  { world, arns, services, definitions, launch, placement }: SchedulerContext,
  wakeAfter: (service: ServiceRecord, millis: number) => void,
) => {
  const start = (service: ServiceRecord, count: number): ServiceRecord => {
    const wait = service.launches.nextAtMillis - world.clock.now();
    if (count > 0 && wait > 0) wakeAfter(service, wait);
    if (count === 0 || wait > 0) return service;
    const refusal = placement.refusal();
    return refusal ? withoutPlace(service, refusal) : withTasks(service, count);
  };

  const withTasks = (service: ServiceRecord, count: number): ServiceRecord => {
    const { id, taskDefinitionArn } = primaryOf(service);
    const definition = definitions.get(taskDefinitionArn);
    const propagated = { SERVICE: service.tags, TASK_DEFINITION: definition.tags }[service.propagateTags] ?? [];
    const launched = Array.from({ length: count }, () =>
      launch({
        clusterName: service.clusterName,
        definition,
        group: `service:${service.name}`,
        startedBy: id,
        serviceName: service.name,
        launchType: service.launchType,
        loadBalancers: service.loadBalancers,
        tags: propagated,
      }),
    );
    const names = launched.map((task) => `(task ${task.id})`).join(' ');
    return services.note({ ...service, steady: false }, `has started ${count} tasks: ${names}.`);
  };

  const withoutPlace = (service: ServiceRecord, reason: string): ServiceRecord => {
    const atMillis = world.clock.now();
    world.emit(serviceAction(arns, service, { name: 'SERVICE_TASK_PLACEMENT_FAILURE', atMillis, reason }));
    wakeAfter(service, PLACEMENT_MILLIS);
    const launches = { ...service.launches, nextAtMillis: atMillis + PLACEMENT_MILLIS };
    return services.note(
      { ...service, steady: false, launches },
      'was unable to place a task because no container instance met all of its requirements.',
    );
  };

  return { start };
};

/** The service after one more failure in a row; a task that had run for long begins a new row. */
export const withFailedLaunch = (service: ServiceRecord, atMillis: number, ranMillis: number): ServiceRecord => {
  const failures = ranMillis >= LONG_MILLIS ? 1 : service.launches.failures + 1;
  return { ...service, steady: false, launches: { failures, nextAtMillis: atMillis + backOffMillis(failures) } };
};

const LONG_MILLIS = 60_000;
