import { CloudFormationClient, DescribeStackEventsCommand, type StackEvent } from '@aws-sdk/client-cloudformation';
import { DescribeTasksCommand, ECSClient, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import type { Deployment } from '../../../functions/domain/deployment/deployment.ts';
import { outwardToken } from '../../../functions/domain/token.ts';
import type { Ports } from '../../../functions/ports.ts';
import { clientSettings } from '../../../infra/local/assembly.ts';
import type { Cloud } from '../../../infra/local/cloud.ts';
import type { RecordedWait } from './recording.ts';

/** Something that AWS did for one step, from its beginning to its end. */
export interface Operation {
  readonly kind: 'change set' | 'stack operation' | 'task' | 'service task';
  /** The step whose outward token it carries; undefined for the tasks of services, which carry none. */
  readonly step: string | undefined;
  readonly fromMillis: number;
  readonly toMillis: number;
}

const ATTEMPTS = [1, 2, 3];

/** What AWS did for a deployment, as its own records tell it: stack events, tasks, and the change sets that were made. */
export const readOperations = async (
  cloud: Cloud,
  hash: Ports['hash'],
  deployment: Deployment,
  waits: readonly RecordedWait[],
): Promise<readonly Operation[]> => {
  const { id: deploymentId, fence = 0, stackName } = deployment;
  const steps = new Map(
    Object.keys(deployment.steps).flatMap((step) =>
      ATTEMPTS.map((attempt) => [outwardToken(hash, { deploymentId, fence, step, attempt }), step] as const),
    ),
  );
  const changeSets = waits
    .filter(({ operation }) => operation === 'cloudformation.changeset')
    .map(({ what = '', fromMillis, millis }) => ({
      kind: 'change set' as const,
      step: steps.get(what),
      fromMillis,
      toMillis: fromMillis + millis,
    }));
  return [
    ...changeSets,
    ...stackOperations(await stackEvents(cloud, stackName), steps),
    ...(await tasks(cloud, steps)),
  ];
};

const stackOperations = (events: readonly StackEvent[], steps: ReadonlyMap<string, string>): readonly Operation[] =>
  [...steps].flatMap(([token, step]) => {
    const times = events
      .filter(
        ({ ClientRequestToken, PhysicalResourceId, StackId }) =>
          ClientRequestToken === token && PhysicalResourceId === StackId,
      )
      .map(({ Timestamp }) => Timestamp?.getTime() ?? Number.NaN);
    if (times.length === 0) return [];
    return [{ kind: 'stack operation' as const, step, fromMillis: Math.min(...times), toMillis: Math.max(...times) }];
  });

const stackEvents = async (cloud: Cloud, StackName: string): Promise<readonly StackEvent[]> => {
  const client = new CloudFormationClient(clientSettings(cloud));
  const events: StackEvent[] = [];
  for (let NextToken: string | undefined, isFirst = true; isFirst || NextToken; isFirst = false) {
    const page = await client.send(new DescribeStackEventsCommand({ StackName, ...(NextToken && { NextToken }) }));
    events.push(...(page.StackEvents ?? []));
    NextToken = page.NextToken;
  }
  return events;
};

/** Those that were started by a step, whole; those of services while they stop. */
const tasks = async (cloud: Cloud, steps: ReadonlyMap<string, string>): Promise<readonly Operation[]> => {
  const client = new ECSClient(clientSettings(cloud));
  const { taskArns = [] } = await client.send(new ListTasksCommand({ cluster: 'local', desiredStatus: 'STOPPED' }));
  if (taskArns.length === 0) return [];
  const { tasks: found = [] } = await client.send(new DescribeTasksCommand({ cluster: 'local', tasks: taskArns }));
  return found.flatMap((task) => taskOperation(task, steps.get(task.startedBy ?? '')));
};

const taskOperation = ({ group, createdAt, stoppingAt, stoppedAt }: Task, step: string | undefined): Operation[] => {
  const isOfService = group?.startsWith('service:');
  const from = isOfService ? stoppingAt : createdAt;
  if (!from || !stoppedAt || !(isOfService || step)) return [];
  const kind = isOfService ? 'service task' : 'task';
  return [{ kind, step, fromMillis: from.getTime(), toMillis: stoppedAt.getTime() }];
};
