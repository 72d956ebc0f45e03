import type { Balancer } from '../balancer/balancer.ts';
import type { World } from '../part.ts';
import type { ServiceRecord, TaskRecord } from './ecs-records.ts';
import { timersOn } from './timers.ts';

/**
 * A process runs as soon as it is started, also one that ends a moment later because a variable is missing. Without a load
 * balancer to ask, so much real time decides that it stays.
 */
const SETTLE_MILLIS = 500;

/** Whether tasks can serve; `changed` is called when the answer may be another one than before. */
export const availability = (world: World, balancer: Balancer, changed: (task: TaskRecord) => void) => {
  const settled = new Set<string>();
  const settling = new Set<NodeJS.Timeout>();
  const graces = timersOn(world.clock);
  const statesOf = (task: TaskRecord) =>
    task.targets.map(({ targetGroupArn, ...target }) => balancer.stateOf(targetGroupArn, target));

  const settleSoon = (task: TaskRecord) => {
    const timer = setTimeout(() => {
      settling.delete(timer);
      settled.add(task.arn);
      changed(task);
    }, SETTLE_MILLIS);
    settling.add(timer);
  };

  return {
    isAvailable: (task: TaskRecord): boolean => {
      if (task.lastStatus !== 'RUNNING' || task.desiredStatus !== 'RUNNING') return false;
      return task.targets.length ? statesOf(task).every((state) => state === 'healthy') : settled.has(task.arn);
    },
    /** The target group that gave the task up, once the service's grace period is over. */
    givenUpBy: (task: TaskRecord, service: ServiceRecord): string | undefined => {
      const graceEnds = (task.startedAtMillis ?? 0) + service.healthCheckGracePeriodSeconds * 1000;
      if (task.desiredStatus === 'STOPPED' || world.clock.now() < graceEnds) return undefined;
      return task.targets[statesOf(task).indexOf('unhealthy')]?.targetGroupArn;
    },
    /** To be called at every move of a task. */
    follow: (task: TaskRecord, graceSeconds: number): void => {
      if (task.lastStatus === 'STOPPED') settled.delete(task.arn);
      if (task.lastStatus !== 'RUNNING') return;
      if (task.targets.length === 0) settleSoon(task);
      else if (graceSeconds > 0) graces.set(task.arn, graceSeconds * 1000, () => changed(task));
    },
    stop: (): void => {
      graces.stop();
      for (const timer of settling) clearTimeout(timer);
    },
  };
};

export type Availability = ReturnType<typeof availability>;
