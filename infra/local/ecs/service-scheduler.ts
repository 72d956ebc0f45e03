import { availability } from './availability.ts';
import { primaryOf, withDeployment } from './deployments.ts';
import type { ServiceRecord, TaskRecord } from './ecs-records.ts';
import { LifeOver } from './holder.ts';
import type { SchedulerContext } from './scheduler-context.ts';
import { GIVEN_UP, serviceFailures } from './service-failures.ts';
import { serviceLaunches } from './service-launches.ts';
import { planService } from './service-plan.ts';
import { serviceSettling, withoutEmptyDeployments } from './service-settling.ts';
import { timersOn } from './timers.ts';

type ServiceName = Pick<ServiceRecord, 'clusterName' | 'name'>;

/** Brings each service to what it is meant to be, looking again at every change of a task or a target. */
export const serviceScheduler = (context: SchedulerContext) => {
  const { world, services, tasks, lives, balancer, holder } = context;
  const woken = new Set<string>();
  const timers = timersOn(world.clock);
  const wakeFor = ({ clusterName, serviceName }: TaskRecord) => {
    if (serviceName) wake({ clusterName, name: serviceName });
  };
  const available = availability(world, balancer, wakeFor);
  const failures = serviceFailures(context);
  const settling = serviceSettling(context, available);
  const launches = serviceLaunches(context, (service, millis) => timers.set(service.arn, millis, () => wake(service)));

  const wake = ({ clusterName, name }: ServiceName): void => {
    const key = `${clusterName}/${name}`;
    if (woken.has(key)) return;
    woken.add(key);
    setImmediate(() => {
      woken.delete(key);
      if (holder.holds()) reconcileSafely(clusterName, name);
    });
  };
  /** A fault in one service must not end the cloud; it stands in its log. */
  const reconcileSafely = (clusterName: string, name: string) => {
    try {
      const service = services.find(clusterName, name);
      if (service && service.status !== 'INACTIVE') reconcile(service);
    } catch (error) {
      if (!(error instanceof LifeOver))
        world.log(`ecs: service ${name}: ${error instanceof Error ? error.stack : error}`);
    }
  };

  const reconcile = (given: ServiceRecord) => {
    let service = withFirstSuccess(given);
    for (const task of liveOf(service)) stopIfGivenUp(service, task);
    const moves = movesOf(service);
    for (const arn of moves.stop) service = stopped(service, arn);
    service = launches.start(service, moves.start);
    service = services.put(withoutEmptyDeployments(service, liveOf(service)));
    settling.settleWhenDone(service, liveOf(service));
    if (service.status === 'DRAINING' && tasksOf(service).every(({ lastStatus }) => lastStatus === 'STOPPED'))
      services.put({ ...service, status: 'INACTIVE', inactiveAtMillis: world.clock.now(), deployments: [] });
  };

  const movesOf = (service: ServiceRecord) => {
    const primary = primaryOf(service);
    return planService({
      ...service,
      primaryFailed: primary.rolloutState === 'FAILED',
      tasks: liveOf(service).map((task) => ({
        arn: task.arn,
        isPrimary: task.startedBy === primary.id,
        isAvailable: available.isAvailable(task),
      })),
    });
  };

  const tasksOf = ({ clusterName, name }: ServiceName) =>
    tasks.all().filter((task) => task.serviceName === name && task.clusterName === clusterName);
  /** Those that were not told to stop, the oldest first. */
  const liveOf = (service: ServiceName) =>
    tasksOf(service)
      .filter(({ desiredStatus }) => desiredStatus === 'RUNNING')
      .sort((a, b) => a.createdAtMillis - b.createdAtMillis);

  /** A task that serves for the first time ends the deployment's row of failures. */
  const withFirstSuccess = (service: ServiceRecord): ServiceRecord => {
    const fresh = liveOf(service).filter((task) => !task.availableAtMillis && available.isAvailable(task));
    for (const { arn } of fresh) tasks.change(arn, { availableAtMillis: world.clock.now() });
    const primary = primaryOf(service);
    if (!fresh.some(({ startedBy }) => startedBy === primary.id)) return service;
    return withDeployment(service, { ...primary, failedTasks: 0 });
  };

  const stopIfGivenUp = (service: ServiceRecord, task: TaskRecord) => {
    const targetGroupArn = available.givenUpBy(task, service);
    if (!targetGroupArn) return;
    const reason = `${GIVEN_UP} (target-group ${targetGroupArn})`;
    lives.stop(task.arn, { code: 'ServiceSchedulerInitiated', reason });
  };

  const stopped = (service: ServiceRecord, arn: string): ServiceRecord => {
    const reason = `Scaling activity initiated by (deployment ${tasks.get(arn).startedBy})`;
    const { id } = lives.stop(arn, { code: 'ServiceSchedulerInitiated', reason });
    return services.note({ ...service, steady: false }, `has stopped 1 running tasks: (task ${id}).`);
  };

  tasks.onMove((task) => {
    if (!task.serviceName) return;
    const service = services.find(task.clusterName, task.serviceName);
    available.follow(task, service?.healthCheckGracePeriodSeconds ?? 0);
    failures.follow(task);
    wakeFor(task);
  });
  balancer.onState((targetGroupArn, { id, port }) => {
    if (!holder.holds()) return;
    const isIts = (one: TaskRecord['targets'][number]) =>
      one.targetGroupArn === targetGroupArn && one.id === id && one.port === port;
    for (const task of tasks.all()) if (task.lastStatus !== 'STOPPED' && task.targets.some(isIts)) wakeFor(task);
  });

  return {
    wake,
    wakeAll: (): void => services.all().forEach(wake),
    /** Does not wait for the end of a back-off: for capacity that is back. */
    retryNow: (): void => {
      for (const service of services.all()) {
        services.put({ ...service, launches: { ...service.launches, nextAtMillis: 0 } });
        wake(service);
      }
    },
    stop: (): void => {
      timers.stop();
      available.stop();
    },
  };
};

export type ServiceScheduler = ReturnType<typeof serviceScheduler>;
