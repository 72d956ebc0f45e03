import { randomBytes } from 'node:crypto';
import type { World } from '../part.ts';
import type { EcsArns } from './ecs-arns.ts';
import type { ServiceLoadBalancer, Tag, TaskDefinitionRecord, TaskOverrides, TaskRecord } from './ecs-records.ts';
import type { TaskLives } from './task-lives.ts';
import type { TaskStore } from './task-store.ts';

export interface LaunchRequest {
  readonly clusterName: string;
  readonly definition: TaskDefinitionRecord;
  readonly group: string;
  readonly startedBy?: string | undefined;
  readonly serviceName?: string | undefined;
  readonly launchType: string;
  readonly overrides?: TaskOverrides | undefined;
  readonly loadBalancers?: readonly ServiceLoadBalancer[] | undefined;
  readonly tags: readonly Tag[];
}

export type Launch = (request: LaunchRequest) => TaskRecord;

/** Records a task and sends it on its way. */
export const launcher =
  (world: World, arns: EcsArns, tasks: TaskStore, lives: TaskLives): Launch =>
  (request) => {
    const { clusterName, definition, group, startedBy, serviceName, launchType, tags } = request;
    const id = newId();
    const task: TaskRecord = {
      id,
      arn: arns.task(clusterName, id),
      clusterName,
      taskDefinitionArn: definition.arn,
      group,
      ...(startedBy ? { startedBy } : {}),
      ...(serviceName ? { serviceName } : {}),
      launchType,
      desiredStatus: 'RUNNING',
      lastStatus: 'PROVISIONING',
      version: 1,
      containers: definition.containers.map(({ name, image }) => ({
        name,
        image,
        arn: arns.container(clusterName, id, newId()),
        lastStatus: 'PENDING',
        ports: [],
      })),
      overrides: request.overrides ?? {},
      loadBalancers: request.loadBalancers ?? [],
      targets: [],
      tags,
      createdAtMillis: world.clock.now(),
    };
    tasks.add(task);
    lives.begin(task.arn);
    return task;
  };

const newId = () => randomBytes(16).toString('hex');
