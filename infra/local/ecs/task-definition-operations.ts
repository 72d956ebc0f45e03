import { pageOf } from '../wire/page.ts';
import { AwsError, type Operation } from '../wire/service.ts';
import type { TaskDefinitionRecord } from './ecs-records.ts';
import type { EcsState } from './ecs-state.ts';

export const taskDefinitionOperations = ({
  arns,
  definitions,
}: Pick<EcsState, 'arns' | 'definitions'>): Readonly<Record<string, Operation>> => {
  const get = (reference: string): TaskDefinitionRecord => {
    const record = definitions.find(reference);
    if (!record) throw new AwsError('ClientException', 'Unable to describe task definition.');
    return record;
  };
  return {
    RegisterTaskDefinition: {
      resources: ({ family }) => [arns.taskDefinition(String(family), '*')],
      run: (input) => {
        const record = definitions.register(input);
        return { taskDefinition: taskDefinitionView(record), tags: record.tags };
      },
    },
    DeregisterTaskDefinition: {
      run: ({ taskDefinition }) => ({
        taskDefinition: taskDefinitionView(definitions.deregister(get(taskDefinition))),
      }),
    },
    DescribeTaskDefinition: {
      run: ({ taskDefinition, include = [] }) => {
        const record = get(taskDefinition);
        return {
          taskDefinition: taskDefinitionView(record),
          ...(include.includes('TAGS') ? { tags: record.tags } : {}),
        };
      },
    },
    ListTaskDefinitions: {
      run: ({ familyPrefix, status = 'ACTIVE', sort = 'ASC', maxResults = 100, nextToken }) => {
        const found = definitions
          .all()
          .filter((one) => one.status === status && (!familyPrefix || one.family === familyPrefix))
          .map(({ arn }) => arn);
        const { page, next } = pageOf(sort === 'DESC' ? found.reverse() : found, nextToken, maxResults);
        return { taskDefinitionArns: page, nextToken: next };
      },
    },
  };
};

const taskDefinitionView = (record: TaskDefinitionRecord) => {
  const { arn, containers, registeredAtMillis, deregisteredAtMillis, rest, tags: _shownApart, ...same } = record;
  return {
    volumes: [],
    placementConstraints: [],
    compatibilities: ['EC2'],
    ...rest,
    ...same,
    taskDefinitionArn: arn,
    containerDefinitions: containers.map((container) => ({
      cpu: 0,
      portMappings: [],
      environment: [],
      mountPoints: [],
      volumesFrom: [],
      ...container,
    })),
    registeredAt: registeredAtMillis / 1000,
    ...(deregisteredAtMillis ? { deregisteredAt: deregisteredAtMillis / 1000 } : {}),
  };
};
