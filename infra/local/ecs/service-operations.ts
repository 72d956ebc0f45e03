import { pageOf } from '../wire/page.ts';
import { AwsError, type Input, type Operation } from '../wire/service.ts';
import { nameOf } from './ecs-arns.ts';
import type { DeploymentRecord, ServiceRecord, TaskRecord } from './ecs-records.ts';
import type { EcsState } from './ecs-state.ts';
import type { ServiceChanges } from './service-changes.ts';

export const serviceOperations = (
  { arns, clusters, services, tasks }: EcsState,
  changes: ServiceChanges,
): Readonly<Record<string, Operation>> => {
  const arnOf = ({ cluster = 'default' }: Input, name: unknown) => arns.service(nameOf(cluster), nameOf(String(name)));
  const tasksOf = ({ clusterName, name }: ServiceRecord) =>
    tasks.shown().filter((task) => task.serviceName === name && task.clusterName === clusterName);
  const view = (service: ServiceRecord, include: readonly string[] = []) => ({
    ...serviceView(service, tasksOf(service)),
    clusterArn: arns.cluster(service.clusterName),
    ...(include.includes('TAGS') ? { tags: service.tags } : {}),
  });

  return {
    CreateService: {
      resources: (input) => [arnOf(input, input.serviceName)],
      run: (input) => ({ service: view(changes.create(input)) }),
    },
    UpdateService: {
      resources: (input) => [arnOf(input, input.service)],
      run: (input) => ({ service: view(changes.update(input)) }),
    },
    DeleteService: {
      resources: (input) => [arnOf(input, input.service)],
      run: ({ cluster, service, force = false }) => ({ service: view(changes.delete(cluster, service, force)) }),
    },
    DescribeServices: {
      resources: (input) => input.services.map((name: string) => arnOf(input, name)),
      run: (input) => {
        const cluster = clusters.get(input.cluster);
        if (input.services.length > 10)
          throw new AwsError('InvalidParameterException', 'Members must be between 1 and 10.');
        const asked: string[] = input.services;
        const found = asked.map((name) => ({ name, service: services.find(cluster.name, nameOf(name)) }));
        return {
          services: found.flatMap(({ service }) => (service ? [view(service, input.include)] : [])),
          failures: found
            .filter(({ service }) => !service)
            .map(({ name }) => ({ arn: arnOf(input, name), reason: 'MISSING' })),
        };
      },
    },
    ListServices: {
      run: (input) => {
        const { name } = clusters.get(input.cluster);
        const found = services
          .all()
          .filter((service) => service.clusterName === name && service.status !== 'INACTIVE')
          .map(({ arn }) => arn);
        const { page, next } = pageOf(found, input.nextToken, input.maxResults ?? 10);
        return { serviceArns: page, nextToken: next };
      },
    },
  };
};

const serviceView = (service: ServiceRecord, tasks: readonly TaskRecord[]) => ({
  serviceArn: service.arn,
  serviceName: service.name,
  status: service.status,
  desiredCount: service.desiredCount,
  ...countsOf(tasks),
  launchType: service.launchType,
  taskDefinition: service.taskDefinitionArn,
  loadBalancers: service.loadBalancers,
  deploymentConfiguration: {
    deploymentCircuitBreaker: service.circuitBreaker,
    minimumHealthyPercent: service.minimumHealthyPercent,
    maximumPercent: service.maximumPercent,
  },
  deployments: service.deployments.map((one) => deploymentView(service, one, tasks)),
  events: service.events.map(({ id, createdAtMillis, message }) => ({
    id,
    createdAt: createdAtMillis / 1000,
    message,
  })),
  createdAt: service.createdAtMillis / 1000,
  healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
  schedulingStrategy: 'REPLICA',
  propagateTags: service.propagateTags,
});

const deploymentView = (service: ServiceRecord, one: DeploymentRecord, tasks: readonly TaskRecord[]) => ({
  id: one.id,
  status: one.status,
  taskDefinition: one.taskDefinitionArn,
  desiredCount: one.status === 'PRIMARY' && one.rolloutState !== 'FAILED' ? service.desiredCount : 0,
  ...countsOf(tasks.filter(({ startedBy }) => startedBy === one.id)),
  failedTasks: one.failedTasks,
  createdAt: one.createdAtMillis / 1000,
  updatedAt: one.updatedAtMillis / 1000,
  launchType: service.launchType,
  rolloutState: one.rolloutState,
  rolloutStateReason: one.rolloutStateReason,
});

/** Tasks that deactivate or stop are in neither count (aws/aws-cdk#13559). */
const countsOf = (tasks: readonly TaskRecord[]) => ({
  runningCount: tasks.filter(({ lastStatus, desiredStatus }) => lastStatus === 'RUNNING' && desiredStatus === 'RUNNING')
    .length,
  pendingCount: tasks.filter(({ lastStatus, desiredStatus }) => isPending(lastStatus) && desiredStatus === 'RUNNING')
    .length,
});

const isPending = (status: TaskRecord['lastStatus']) => status === 'PROVISIONING' || status === 'PENDING';
