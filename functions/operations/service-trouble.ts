import type { Callback } from '../domain/callback.ts';
import { logGroupName } from '../domain/template/names.ts';
import type { ClusterPorts, EcsTask, LogPlace, ResourceFailure } from '../ports.ts';

/** How much of a failed container's log is told. */
const LOG_LINES = 10;

/**
 * Why the tasks of a service would not run. CloudFormation says only that its circuit breaker was triggered; the cause
 * stands with the newest task that ECS gave up, and in the log of its container. Undefined where there is none.
 */
export const serviceTrouble = async (
  { tasks }: Pick<ClusterPorts, 'tasks'>,
  { stackName, environment, createdAt }: Callback,
  { type, physicalId }: ResourceFailure,
): Promise<string | undefined> => {
  if (type !== 'AWS::ECS::Service' || !physicalId) return undefined;
  const stopped = (await tasks.stoppedOf(physicalId)).filter(({ stoppedAt = '' }) => stoppedAt >= createdAt);
  const task = stopped.find(wasGivenUp);
  if (!task) return undefined;
  const container = task.containers.find(({ exitCode, reason }) => reason !== undefined || (exitCode ?? 0) !== 0);
  if (container?.exitCode === undefined) return `its newest task did not start: ${container?.reason ?? reasonOf(task)}`;
  const log = await logOf(
    tasks,
    {
      container: container.name,
      logGroup: logGroupName(environment, stackName.slice(environment.length + 1), container.name),
      // As the task definition names it: after the runtime.
      prefix: (task.family ?? '').slice(stackName.length + 1),
    },
    task.arn,
  );
  const why = container.reason ? ` (${container.reason})` : '';
  return [
    `container ${container.name} of its newest task ended with exit code ${container.exitCode}${why}`,
    ...log,
  ].join('\n');
};

/** What cannot be read is said, and does not keep the deployment from its end. */
const logOf = async (tasks: ClusterPorts['tasks'], place: LogPlace, taskArn: string): Promise<readonly string[]> => {
  try {
    return await tasks.logTail(place, taskArn, LOG_LINES);
  } catch (error) {
    return [`Its log ${place.logGroup} could not be read: ${error instanceof Error ? error.message : error}`];
  }
};

/** Not stopped by a person or to make room: it could not start, ended by itself, or failed its health checks. */
const wasGivenUp = ({ stopCode, stoppedReason = '' }: EcsTask): boolean =>
  stopCode === 'TaskFailedToStart' || stopCode === 'EssentialContainerExited' || /health check/i.test(stoppedReason);

const reasonOf = ({ stoppedReason = 'ECS gives no reason' }: EcsTask): string => stoppedReason;
