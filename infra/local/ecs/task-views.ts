import type { CloudEvent } from '../part.ts';
import type { EcsArns } from './ecs-arns.ts';
import type { ContainerRecord, TaskRecord } from './ecs-records.ts';

type Time = (millis: number | undefined) => number | string | undefined;

/** The JSON protocol has seconds, events have ISO form. */
const seconds: Time = (millis) => millis && millis / 1000;
const iso: Time = (millis) => (millis === undefined ? undefined : new Date(millis).toISOString());

export const taskView = (arns: EcsArns, task: TaskRecord, include: readonly string[] = []) => ({
  ...viewOf(arns, task, seconds),
  ...(include.includes('TAGS') ? { tags: task.tags } : {}),
});

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html */
export const taskEvent = (arns: EcsArns, task: TaskRecord): CloudEvent => ({
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  resources: [task.arn],
  detail: JSON.parse(JSON.stringify({ ...viewOf(arns, task, iso), updatedAt: iso(latest(task)) })),
});

const latest = (task: TaskRecord) =>
  Math.max(task.createdAtMillis, task.startedAtMillis ?? 0, task.stoppingAtMillis ?? 0, task.stoppedAtMillis ?? 0);

const viewOf = (arns: EcsArns, task: TaskRecord, time: Time) => ({
  taskArn: task.arn,
  clusterArn: arns.cluster(task.clusterName),
  containerInstanceArn: arns.containerInstance(task.clusterName),
  taskDefinitionArn: task.taskDefinitionArn,
  group: task.group,
  startedBy: task.startedBy,
  launchType: task.launchType,
  lastStatus: task.lastStatus,
  desiredStatus: task.desiredStatus,
  version: task.version,
  overrides: { containerOverrides: [], ...task.overrides },
  containers: task.containers.map((container) => containerView(task, container)),
  attachments: [],
  createdAt: time(task.createdAtMillis),
  pullStartedAt: time(task.pullStartedAtMillis),
  pullStoppedAt: time(task.pullStoppedAtMillis),
  startedAt: time(task.startedAtMillis),
  stoppingAt: time(task.stoppingAtMillis),
  executionStoppedAt: time(task.executionStoppedAtMillis),
  stoppedAt: time(task.stoppedAtMillis),
  stopCode: task.stopCode,
  stoppedReason: task.stoppedReason,
});

const containerView = (task: TaskRecord, container: ContainerRecord) => ({
  containerArn: container.arn,
  taskArn: task.arn,
  name: container.name,
  image: container.image,
  imageDigest: container.imageDigest,
  lastStatus: container.lastStatus,
  exitCode: container.exitCode,
  reason: container.reason,
  networkBindings: container.ports.map(({ containerPort, hostPort }) => ({
    bindIP: '127.0.0.1',
    containerPort,
    hostPort,
    protocol: 'tcp',
  })),
});
