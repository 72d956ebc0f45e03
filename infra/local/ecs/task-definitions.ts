import type { World } from '../part.ts';
import { AwsError, type Input } from '../wire/service.ts';
import type { EcsArns } from './ecs-arns.ts';
import type { ContainerDefinition, TaskDefinitionRecord } from './ecs-records.ts';
import { checkVolumes } from './task-volumes.ts';

/** Every revision ever registered; a number is never used twice. */
export const taskDefinitions = (world: World, arns: EcsArns) => {
  const table = world.store.table<TaskDefinitionRecord>('ecs.task-definitions');
  const keyOf = (family: string, revision: number) => `${family}:${String(revision).padStart(8, '0')}`;
  const revisionsOf = (family: string) => table.list(`${family}:`).map(({ value }) => value);

  /** By ARN, `family:revision` or `family`, which is the newest active one. */
  const find = (reference: string): TaskDefinitionRecord | undefined => {
    const [family = '', revision] = reference.slice(reference.lastIndexOf('/') + 1).split(':');
    if (revision !== undefined) return table.get(keyOf(family, Number(revision)));
    return revisionsOf(family).findLast(({ status }) => status === 'ACTIVE');
  };

  return {
    find,
    get: (arn: string): TaskDefinitionRecord => {
      const definition = find(arn);
      if (!definition) throw new Error(`the task definition ${arn} is not in the store`);
      return definition;
    },
    register: (input: Input): TaskDefinitionRecord => {
      const { family, containerDefinitions, taskRoleArn, executionRoleArn, cpu, memory, tags = [], ...rest } = input;
      checkFamily(family);
      const containers = containersFrom(containerDefinitions);
      checkVolumes(containers, rest);
      const revision = (revisionsOf(family).at(-1)?.revision ?? 0) + 1;
      const record: TaskDefinitionRecord = {
        arn: arns.taskDefinition(family, revision),
        family,
        revision,
        status: 'ACTIVE',
        containers,
        ...(taskRoleArn ? { taskRoleArn } : {}),
        ...(executionRoleArn ? { executionRoleArn } : {}),
        ...(cpu ? { cpu: String(cpu) } : {}),
        ...(memory ? { memory: String(memory) } : {}),
        tags,
        registeredAtMillis: world.clock.now(),
        rest,
      };
      table.put(keyOf(family, revision), record);
      return record;
    },
    deregister: (record: TaskDefinitionRecord): TaskDefinitionRecord => {
      const inactive = { ...record, status: 'INACTIVE' as const, deregisteredAtMillis: world.clock.now() };
      table.put(keyOf(record.family, record.revision), inactive);
      return inactive;
    },
    tag: (record: TaskDefinitionRecord, tags: TaskDefinitionRecord['tags']): void =>
      table.put(keyOf(record.family, record.revision), { ...record, tags }),
    all: (): TaskDefinitionRecord[] => table.list().map(({ value }) => value),
  };
};

export type TaskDefinitions = ReturnType<typeof taskDefinitions>;

const checkFamily = (family: unknown) => {
  if (typeof family !== 'string' || !/^[\w-]{1,255}$/.test(family))
    throw new AwsError(
      'ClientException',
      `Family should only contain letters, numbers, hyphens and underscores, not '${family}'.`,
    );
};

const containersFrom = (given: Input): readonly ContainerDefinition[] => {
  const containers = ((given ?? []) as Input[]).map((one) => ({ ...one, essential: one.essential ?? true }));
  if (containers.length === 0) throw new AwsError('ClientException', 'Container list cannot be empty.');
  for (const { name, image } of containers) {
    if (!name) throw new AwsError('ClientException', 'Container.name should not be null or empty.');
    if (!image) throw new AwsError('ClientException', 'Container.image should not be null or empty.');
  }
  if (new Set(containers.map(({ name }) => name)).size < containers.length)
    throw new AwsError('ClientException', 'Container names must be unique within a task definition.');
  if (!containers.some(({ essential }) => essential))
    throw new AwsError('ClientException', 'At least one container in a task definition must be essential.');
  return containers;
};
