import { isBroken, primaryOf, withBrokenDeployment, withDeployment } from './deployments.ts';
import type { DeploymentRecord, ServiceRecord, TaskRecord } from './ecs-records.ts';
import type { SchedulerContext } from './scheduler-context.ts';
import { deploymentEvent } from './service-events.ts';
import { withFailedLaunch } from './service-launches.ts';

/** What a stopped task means to its service: nothing when it was asked to stop, else back-off, and in the end the circuit breaker. */
export const serviceFailures = ({ world, services }: SchedulerContext) => {
  const counted = new Set<string>();

  /** At the first move after the end was decided: the next start must already know of it. */
  const follow = (task: TaskRecord): void => {
    if (task.desiredStatus === 'STOPPED' && !counted.has(task.arn)) {
      counted.add(task.arn);
      count(task);
    }
    if (task.lastStatus === 'STOPPED') counted.delete(task.arn);
  };

  const count = (task: TaskRecord): void => {
    const service = services.find(task.clusterName, task.serviceName ?? '');
    if (service?.status !== 'ACTIVE' || !endedByItself(task)) return;
    const atMillis = world.clock.now();
    const ranMillis = atMillis - (task.startedAtMillis ?? atMillis);
    const failed = services.put(withFailedTask(withFailedLaunch(service, atMillis, ranMillis), task));
    const primary = primaryOf(failed);
    if (isBroken(failed, primary)) breakCircuit(failed, primary);
  };

  const breakCircuit = (service: ServiceRecord, broken: DeploymentRecord) => {
    const after = withBrokenDeployment(service, broken, world.clock.now());
    const failed = after.deployments.find(({ id }) => id === broken.id) ?? broken;
    world.emit(deploymentEvent(after, failed, 'SERVICE_DEPLOYMENT_FAILED'));
    const noted = services.note(after, `(deployment ${broken.id}) deployment failed: tasks failed to start.`);
    const primary = primaryOf(noted);
    if (primary.id === broken.id) return;
    services.put({ ...noted, launches: { failures: 0, nextAtMillis: 0 } });
    world.emit(deploymentEvent(noted, primary, 'SERVICE_DEPLOYMENT_IN_PROGRESS'));
  };

  return { follow };
};

/** Only tasks of a deployment under way count against it, and only those that never served or that a load balancer gave up. */
const withFailedTask = (service: ServiceRecord, task: TaskRecord): ServiceRecord => {
  const primary = primaryOf(service);
  const neverServed = !task.availableAtMillis || givenUp(task);
  if (task.startedBy !== primary.id || primary.rolloutState !== 'IN_PROGRESS' || !neverServed) return service;
  return withDeployment(service, { ...primary, failedTasks: primary.failedTasks + 1 });
};

const endedByItself = (task: TaskRecord) => {
  if (task.stoppedReason === HOST_GONE) return false;
  return task.stopCode === 'TaskFailedToStart' || task.stopCode === 'EssentialContainerExited' || givenUp(task);
};

/** To its tasks the end of the cloud is the end of their host; no deployment is to blame for that. */
export const HOST_GONE = 'Host EC2 (instance i-0123456789abcdef0) terminated.';

/** The words by which AWS tells this from other acts of the scheduler. */
export const GIVEN_UP = 'Task failed ELB health checks in';
const givenUp = ({ stoppedReason = '' }: TaskRecord) => stoppedReason.startsWith(GIVEN_UP);
