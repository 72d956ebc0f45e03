import { generatedName } from '../generated-name.ts';
import type { Properties, Resource, ResourceProvider } from '../part.ts';
import { AwsError, type Input } from '../wire/service.ts';
import { type BalancerArns, fullNameOf } from './balancer-arns.ts';
import type { HealthCheck, TargetGroupRecord } from './balancer-records.ts';
import type { BalancerStore } from './balancer-store.ts';
import type { TargetPool } from './target-pool.ts';

interface Parts {
  readonly store: BalancerStore;
  readonly arns: BalancerArns;
  readonly pool: TargetPool;
}

/** AWS::ElasticLoadBalancingV2::TargetGroup. */
export const targetGroupProvider = ({ store, arns, pool }: Parts): ResourceProvider => {
  const save = (group: TargetGroupRecord, before: readonly TargetGroupRecord['fixedTargets'][number][]): Resource => {
    store.targetGroups.put(group.arn, group);
    for (const target of before) if (!holds(group.fixedTargets, target)) void pool.deregister(group.arn, target);
    for (const target of group.fixedTargets) pool.register(group.arn, target);
    const LoadBalancerArns = store.loadBalancersOf(group.arn);
    const names = { TargetGroupName: group.name, TargetGroupFullName: fullNameOf(group.arn) };
    return { physicalId: group.arn, attributes: { TargetGroupArn: group.arn, ...names, LoadBalancerArns } };
  };
  return {
    create: async (request) => {
      const name = String(request.properties['Name'] ?? generatedName(request, 32));
      const arn = arns.targetGroup(name, request.seed);
      if (store.all.targetGroups().some((other) => other.name === name && other.arn !== arn))
        throw new AwsError('DuplicateTargetGroupName', `A target group with the same name '${name}' exists`);
      return save(recordFrom(arn, name, request.properties), []);
    },
    update: async ({ physicalId, properties }) => {
      const known = store.targetGroups.get(physicalId);
      if (!known) throw new AwsError('TargetGroupNotFound', `Target groups '${physicalId}' not found`);
      return save(recordFrom(known.arn, known.name, properties), known.fixedTargets);
    },
    delete: async ({ physicalId }) => {
      if (store.loadBalancersOf(physicalId).length)
        throw new AwsError('ResourceInUse', `Target group '${physicalId}' is currently in use by a listener or a rule`);
      pool.removeGroup(physicalId);
      store.targetGroups.delete(physicalId);
    },
  };
};

const recordFrom = (arn: string, name: string, properties: Properties): TargetGroupRecord => {
  const given: Input = properties;
  const port = Number(given.Port ?? 80);
  return {
    arn,
    name,
    port,
    protocol: given.Protocol ?? 'HTTP',
    protocolVersion: given.ProtocolVersion ?? 'HTTP1',
    targetType: given.TargetType ?? 'instance',
    ...(given.VpcId ? { vpcId: String(given.VpcId) } : {}),
    healthCheck: healthCheckFrom(given),
    deregistrationDelaySeconds: Number(attribute(given, 'deregistration_delay.timeout_seconds') ?? 300),
    fixedTargets: (given.Targets ?? []).map((one: Input) => ({ id: one.Id, port: Number(one.Port ?? port) })),
  };
};

/** Defaults: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
const healthCheckFrom = (given: Input): HealthCheck => {
  const grpc = given.ProtocolVersion === 'GRPC';
  return {
    path: given.HealthCheckPath ?? (grpc ? '/AWS.ALB/healthcheck' : '/'),
    port: String(given.HealthCheckPort ?? 'traffic-port'),
    protocol: given.HealthCheckProtocol ?? 'HTTP',
    intervalSeconds: Number(given.HealthCheckIntervalSeconds ?? 30),
    timeoutSeconds: Number(given.HealthCheckTimeoutSeconds ?? 5),
    healthyThreshold: Number(given.HealthyThresholdCount ?? 5),
    unhealthyThreshold: Number(given.UnhealthyThresholdCount ?? 2),
    matcher: String(given.Matcher?.HttpCode ?? given.Matcher?.GrpcCode ?? (grpc ? '12' : '200')),
  };
};

const attribute = (given: Input, key: string): string | undefined =>
  given.TargetGroupAttributes?.find((one: Input) => one.Key === key)?.Value;

const holds = (targets: TargetGroupRecord['fixedTargets'], { id, port }: { id: string; port: number }) =>
  targets.some((one) => one.id === id && one.port === port);
