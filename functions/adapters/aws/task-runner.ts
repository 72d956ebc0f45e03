import {
  ConflictException,
  type Container,
  DescribeServicesCommand,
  DescribeTasksCommand,
  type ECSClient,
  paginateListTasks,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  type RunTaskCommandOutput,
  type Service,
  StopTaskCommand,
  type Task,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { EcsTask, Rollout, TaskDefinitionRequest, TaskRequest, TaskRunner, TaskStart } from '../../ports.ts';
import { isNamed } from './named.ts';
import { taskDefinition } from './task-definition.ts';

/** ECS takes at most 10 services and 100 tasks in one describe. */
const SERVICES_AT_ONCE = 10;
const TASKS_AT_ONCE = 100;

/** Tasks and services of one ECS cluster; the end of a task's log comes from the reader that is handed in. */
export const ecsTaskRunner = (client: ECSClient, cluster: string, logTail: TaskRunner['logTail']): TaskRunner => {
  const describe = async (arns: readonly string[]): Promise<readonly Task[]> => {
    const found: Task[] = [];
    for (const tasks of chunks(arns, TASKS_AT_ONCE))
      found.push(...((await client.send(new DescribeTasksCommand({ cluster, tasks }))).tasks ?? []));
    return found;
  };
  const list = async (
    desiredStatus: 'RUNNING' | 'STOPPED',
    filter: { startedBy?: string; serviceName?: string },
  ): Promise<readonly string[]> => {
    const arns: string[] = [];
    for await (const page of paginateListTasks({ client }, { cluster, desiredStatus, ...filter }))
      arns.push(...(page.taskArns ?? []));
    return arns;
  };
  /** A task that stops between the two lists stands in both. */
  const tasksOf = async (serviceName: string): Promise<readonly Task[]> => {
    const running = await list('RUNNING', { serviceName });
    return describe([...new Set([...running, ...(await list('STOPPED', { serviceName }))])]);
  };
  /** All that are meant to run, if there are any, else all that are not: a token of ours starts one task. */
  const startedBy = async (token: string): Promise<readonly Task[]> => {
    const running = await list('RUNNING', { startedBy: token });
    return describe(running.length > 0 ? running : await list('STOPPED', { startedBy: token }));
  };
  const services = async (arns: readonly string[]) => {
    const described = await Promise.all(
      chunks(arns, SERVICES_AT_ONCE).map((some) =>
        client.send(new DescribeServicesCommand({ cluster, services: some })),
      ),
    );
    return described.flatMap((page) => page.services ?? []);
  };
  const leavingOf = async ({ serviceName = '', taskDefinition, desiredCount }: Service): Promise<readonly string[]> =>
    (await tasksOf(serviceName))
      .filter(
        ({ lastStatus, desiredStatus, taskDefinitionArn }) =>
          lastStatus !== 'STOPPED' &&
          (desiredStatus === 'STOPPED' || taskDefinitionArn !== taskDefinition || desiredCount === 0),
      )
      .map(({ taskArn = '' }) => taskArn);
  return {
    run: async (request) => startOf(client, cluster, request),
    startedBy: async (token) => (await startedBy(token)).map(ecsTask),
    stop: async (task, reason) => {
      await client.send(new StopTaskCommand({ cluster, task, reason }));
    },
    leaving: async (serviceArns) => (await Promise.all((await services(serviceArns)).map(leavingOf))).flat().sort(),
    stoppedOf: async (serviceArn) => {
      const serviceName = serviceArn.slice(serviceArn.lastIndexOf('/') + 1);
      const arns = await list('STOPPED', { serviceName }).catch(noneOfGone);
      return (await describe(arns)).map(ecsTask).sort(newestFirst);
    },
    steady: async (serviceArns) => {
      const found = await services(serviceArns);
      return found.length === serviceArns.length && found.every(isSteady);
    },
    desiredCounts: async (serviceArns) =>
      Object.fromEntries(
        (await services(serviceArns)).map(({ serviceArn, desiredCount }) => [serviceArn ?? '', desiredCount ?? 0]),
      ),
    rollouts: async (serviceArns) => (await services(serviceArns)).flatMap(rolloutsOf),
    restart: async (service) => {
      await client.send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true }));
    },
    logTail,
  };
};

/** A deployment that the circuit breaker made takes back what ran before one that failed. */
const rolloutsOf = ({ serviceArn = '', deployments = [] }: Service): readonly Rollout[] =>
  deployments.map(({ id = '', status, rolloutState, rolloutStateReason = '' }) => ({
    serviceArn,
    id,
    primary: status === 'PRIMARY',
    failed: rolloutState === 'FAILED' || /circuit breaker/i.test(rolloutStateReason),
  }));

/** One deployment, rolled out, whose tasks all run; a service that is gone or being deleted is not steady. */
const isSteady = ({ status, deployments = [], runningCount, desiredCount }: Service): boolean =>
  status === 'ACTIVE' &&
  deployments.length === 1 &&
  deployments.every(({ rolloutState = 'COMPLETED' }) => rolloutState === 'COMPLETED') &&
  runningCount === desiredCount;

const startOf = async (client: ECSClient, cluster: string, request: TaskRequest): Promise<TaskStart> => {
  const registered = await client.send(new RegisterTaskDefinitionCommand(taskDefinition(request.taskDefinition)));
  const run = new RunTaskCommand({
    cluster,
    taskDefinition: registered.taskDefinition?.taskDefinitionArn ?? '',
    count: 1,
    clientToken: request.token,
    startedBy: request.token,
    tags: Object.entries(request.tags).map(([key, value]) => ({ key, value })),
    ...launchOf(request.taskDefinition),
  });
  const { tasks = [], failures = [] } = await client.send(run).catch(startedBefore);
  const [task] = tasks;
  if (task?.taskArn) return { kind: 'started', taskArn: task.taskArn };
  return {
    kind: 'refused',
    reasons: failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(': ')),
  };
};

/** Every call registers a revision of its own, so a repeated token comes with other parameters: ECS then names the task. */
const startedBefore = (error: unknown): Pick<RunTaskCommandOutput, 'tasks' | 'failures'> => {
  if (!(error instanceof ConflictException) || !error.resourceIds?.length) throw error;
  return { tasks: error.resourceIds.map((taskArn) => ({ taskArn })) };
};

const launchOf = ({ fargate }: TaskDefinitionRequest) =>
  fargate && {
    launchType: 'FARGATE' as const,
    networkConfiguration: {
      awsvpcConfiguration: { subnets: [...fargate.subnets], securityGroups: [...fargate.securityGroups] },
    },
  };

const noneOfGone = (error: unknown): readonly string[] => {
  if (isNamed(error, 'ServiceNotFoundException', 'ServiceNotActiveException')) return [];
  throw error;
};

const newestFirst = ({ stoppedAt: one = '' }: EcsTask, { stoppedAt: other = '' }: EcsTask): number =>
  one < other ? 1 : -1;

const ecsTask = (task: Task): EcsTask => ({
  arn: task.taskArn ?? '',
  ...(task.taskDefinitionArn && { family: familyOf(task.taskDefinitionArn) }),
  stopped: task.lastStatus === 'STOPPED',
  ...(task.stopCode && { stopCode: task.stopCode }),
  ...(task.stoppedReason && { stoppedReason: task.stoppedReason }),
  ...(task.stoppedAt && { stoppedAt: task.stoppedAt.toISOString() }),
  containers: (task.containers ?? []).map(containerOf),
});

/** `arn:...:task-definition/family:revision` */
const familyOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1, arn.lastIndexOf(':'));

const containerOf = ({ name = '', exitCode, reason }: Container) => ({
  name,
  ...(exitCode !== undefined && { exitCode }),
  ...(reason && { reason }),
});

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
