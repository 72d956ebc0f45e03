import { AwsError, type Input } from '../wire/service.ts';
import { primaryOf, withNewDeployment } from './deployments.ts';
import { nameOf } from './ecs-arns.ts';
import type { ServiceLoadBalancer, ServiceRecord, TaskDefinitionRecord } from './ecs-records.ts';
import type { EcsState } from './ecs-state.ts';
import { deploymentEvent } from './service-events.ts';

/** Creating, updating and deleting services; what follows from it is the scheduler's. */
export const serviceChanges = ({ world, arns, clusters, services, definitions, scheduler, balancer }: EcsState) => {
  const getDefinition = (reference: unknown): TaskDefinitionRecord => {
    const definition = definitions.find(String(reference));
    if (!definition) throw new AwsError('ClientException', 'TaskDefinition not found.');
    if (definition.status === 'INACTIVE') throw new AwsError('ClientException', 'TaskDefinition is inactive');
    return definition;
  };

  const checkLoadBalancers = (loadBalancers: readonly ServiceLoadBalancer[], definition: TaskDefinitionRecord) => {
    for (const { targetGroupArn, containerName, containerPort } of loadBalancers) {
      const group = balancer.findTargetGroup(targetGroupArn);
      if (!group) throw new AwsError('InvalidParameterException', `The target group ${targetGroupArn} does not exist.`);
      if (group.loadBalancerArns.length === 0)
        throw new AwsError(
          'InvalidParameterException',
          `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
        );
      const container = definition.containers.find(({ name }) => name === containerName);
      if (!container)
        throw new AwsError(
          'InvalidParameterException',
          `The container ${containerName} does not exist in the task definition.`,
        );
      if (!container.portMappings?.some((mapping) => Number(mapping.containerPort) === containerPort))
        throw new AwsError(
          'InvalidParameterException',
          `The container ${containerName} did not have a container port ${containerPort} defined.`,
        );
    }
  };

  const deployed = (service: ServiceRecord): ServiceRecord => {
    const saved = services.put(service);
    world.emit(deploymentEvent(saved, primaryOf(saved), 'SERVICE_DEPLOYMENT_IN_PROGRESS'));
    scheduler.wake(saved);
    return saved;
  };

  const get = (cluster: string | undefined, service: unknown): ServiceRecord => {
    const found = services.find(clusters.get(cluster).name, nameOf(String(service)));
    if (!found) throw new AwsError('ServiceNotFoundException', 'Service not found.');
    if (found.status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
    return found;
  };

  return {
    get,
    create: (input: Input, seed?: string): ServiceRecord => {
      const cluster = clusters.get(input.cluster);
      const name = String(input.serviceName);
      const known = services.find(cluster.name, name);
      if (known?.status === 'ACTIVE')
        throw new AwsError('InvalidParameterException', 'Creation of service was not idempotent.');
      if (known?.status === 'DRAINING')
        throw new AwsError('InvalidParameterException', 'Unable to Start a service that is still Draining.');
      const definition = getDefinition(input.taskDefinition);
      const service = changed(blank(cluster.name, name, arns.service(cluster.name, name)), {
        desiredCount: 1,
        ...input,
      });
      checkLoadBalancers(service.loadBalancers, definition);
      const now = world.clock.now();
      return deployed(
        withNewDeployment({ ...service, createdAtMillis: now, ...(seed ? { seed } : {}) }, definition.arn, now),
      );
    },
    /** Only another task definition, other load balancers or force make a new deployment; a count does not. */
    update: (input: Input): ServiceRecord => {
      const before = get(input.cluster, input.service);
      const definition = input.taskDefinition ? getDefinition(input.taskDefinition) : undefined;
      const after = changed(before, input);
      const arn = definition?.arn ?? before.taskDefinitionArn;
      const current = definitions.find(arn);
      if (input.loadBalancers && current) checkLoadBalancers(after.loadBalancers, current);
      const sameBalancers = JSON.stringify(after.loadBalancers) === JSON.stringify(before.loadBalancers);
      const fresh = { ...after, launches: { failures: 0, nextAtMillis: 0 } };
      if (arn !== before.taskDefinitionArn || !sameBalancers || input.forceNewDeployment)
        return deployed(withNewDeployment(fresh, arn, world.clock.now()));
      const steady = before.steady && after.desiredCount === before.desiredCount;
      const saved = services.put({ ...after, steady });
      scheduler.wake(saved);
      return saved;
    },
    delete: (cluster: string | undefined, name: unknown, force: boolean): ServiceRecord => {
      const service = get(cluster, name);
      if (service.desiredCount > 0 && !force)
        throw new AwsError('InvalidParameterException', 'The service cannot be stopped while it is scaled above 0.');
      const draining = services.put({ ...service, status: 'DRAINING', desiredCount: 0, steady: false });
      scheduler.wake(draining);
      return draining;
    },
  };
};

export type ServiceChanges = ReturnType<typeof serviceChanges>;

const blank = (clusterName: string, name: string, arn: string): ServiceRecord => ({
  name,
  arn,
  clusterName,
  status: 'ACTIVE',
  desiredCount: 0,
  taskDefinitionArn: '',
  loadBalancers: [],
  launchType: 'EC2',
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  circuitBreaker: { enable: false, rollback: false },
  healthCheckGracePeriodSeconds: 0,
  propagateTags: 'NONE',
  tags: [],
  deployments: [],
  failedDeploymentIds: [],
  steady: false,
  launches: { failures: 0, nextAtMillis: 0 },
  events: [],
  createdAtMillis: 0,
});

/** What is left out stays as it was. */
const changed = (service: ServiceRecord, input: Input): ServiceRecord => {
  const { deploymentConfiguration: rollout = {} } = input;
  const breaker = rollout.deploymentCircuitBreaker ?? service.circuitBreaker;
  const loadBalancers = input.loadBalancers?.map((one: Input) => ({
    ...one,
    containerPort: Number(one.containerPort),
  }));
  return {
    ...service,
    desiredCount: Number(input.desiredCount ?? service.desiredCount),
    loadBalancers: loadBalancers ?? service.loadBalancers,
    launchType: input.launchType ?? service.launchType,
    minimumHealthyPercent: Number(rollout.minimumHealthyPercent ?? service.minimumHealthyPercent),
    maximumPercent: Number(rollout.maximumPercent ?? service.maximumPercent),
    circuitBreaker: { enable: Boolean(breaker.enable), rollback: Boolean(breaker.rollback) },
    healthCheckGracePeriodSeconds: Number(input.healthCheckGracePeriodSeconds ?? service.healthCheckGracePeriodSeconds),
    propagateTags: input.propagateTags ?? service.propagateTags,
    tags: input.tags ?? service.tags,
  };
};
