import { pageOf } from '../wire/page.ts';
import { AwsError, type Input, type Operation } from '../wire/service.ts';
import { nameOf } from './ecs-arns.ts';
import type { TaskRecord } from './ecs-records.ts';
import type { EcsState } from './ecs-state.ts';
import { runTasks } from './run-tasks.ts';
import { taskView } from './task-views.ts';

export const taskOperations = (state: EcsState): Readonly<Record<string, Operation>> => {
  const { arns, clusters, definitions, tasks, lives } = state;
  const clusterNameOf = ({ cluster = 'default' }: Input) => nameOf(String(cluster));
  const arnOf = (input: Input, task: string) => arns.task(clusterNameOf(input), nameOf(task));

  return {
    RunTask: {
      resources: ({ taskDefinition }) => {
        const found = definitions.find(String(taskDefinition));
        return [found ? found.arn : arns.taskDefinition(nameOf(String(taskDefinition)), '*')];
      },
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
      alsoNeeds: (input) =>
        input.tags?.length ? [{ action: 'ecs:TagResource', resources: [arns.task(clusterNameOf(input), '*')] }] : [],
      run: runTasks(state),
    },
    StopTask: {
      resources: (input) => [arnOf(input, input.task)],
      run: (input) => {
        clusters.get(input.cluster);
        const task = tasks.findShown(arnOf(input, input.task));
        if (!task) throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
        const reason = input.reason ?? 'Task stopped by user';
        return { task: taskView(arns, lives.stop(task.arn, { code: 'UserInitiated', reason })) };
      },
    },
    DescribeTasks: {
      resources: (input) => input.tasks.map((task: string) => arnOf(input, task)),
      run: (input) => {
        clusters.get(input.cluster);
        if (input.tasks.length > 100) throw new AwsError('InvalidParameterException', 'Too many tasks: at most 100.');
        const asked: string[] = input.tasks.map((task: string) => arnOf(input, task));
        const found = asked.map((arn) => ({ arn, task: tasks.findShown(arn) }));
        return {
          tasks: found.flatMap(({ task }) => (task ? [taskView(arns, task, input.include)] : [])),
          failures: found.filter(({ task }) => !task).map(({ arn }) => ({ arn, reason: 'MISSING' })),
        };
      },
    },
    ListTasks: {
      run: (input) => {
        const { name } = clusters.get(input.cluster);
        const found = tasks
          .shown()
          .filter((task) => task.clusterName === name && fits(task, input))
          .map(({ arn }) => arn);
        const { page, next } = pageOf(found, input.nextToken, input.maxResults ?? 100);
        return { taskArns: page, nextToken: next };
      },
    },
  };
};

/** The status asked for is the desired one, as on AWS: a task that was told to stop is listed under STOPPED at once. */
const fits = (task: TaskRecord, { desiredStatus = 'RUNNING', family, serviceName, startedBy, launchType }: Input) => {
  if (task.desiredStatus !== desiredStatus) return false;
  if (family && familyOf(task) !== family) return false;
  if (serviceName && task.serviceName !== nameOf(serviceName)) return false;
  if (startedBy && task.startedBy !== startedBy) return false;
  return !launchType || task.launchType === launchType;
};

const familyOf = ({ taskDefinitionArn }: TaskRecord) => nameOf(taskDefinitionArn).split(':')[0];
