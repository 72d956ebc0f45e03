import { generatedName } from '../generated-name.ts';
import type { Properties, Resource, ResourceProvider, World } from '../part.ts';
import { AwsError, type Input } from '../wire/service.ts';
import { afterKind, type BalancerArns } from './balancer-arns.ts';
import type { LoadBalancerRecord } from './balancer-records.ts';
import type { BalancerStore } from './balancer-store.ts';
import { removeListener } from './listener-resource.ts';
import type { ListenerServers } from './listener-servers.ts';

interface Parts {
  readonly store: BalancerStore;
  readonly arns: BalancerArns;
  readonly servers: ListenerServers;
}

/** AWS::ElasticLoadBalancingV2::LoadBalancer: a name that listeners stand under. */
export const loadBalancerProvider = (world: World, { store, arns, servers }: Parts): ResourceProvider => ({
  create: async (request) => {
    const properties: Input = request.properties;
    if ((properties.Type ?? 'application') !== 'application')
      throw new AwsError('ValidationError', `the embedded balancer has no load balancers of type '${properties.Type}'`);
    const name: string = properties.Name ?? generatedName(request, 32);
    const arn = arns.loadBalancer(name, request.seed);
    if (store.all.loadBalancers().some((other) => other.name === name && other.arn !== arn))
      throw new AwsError('DuplicateLoadBalancerName', `A load balancer with the same name '${name}' exists`);
    return save(store, recordFrom(request.properties, { arn, name, createdAtMillis: world.clock.now() }));
  },
  update: async ({ physicalId, properties }) => {
    const known = store.loadBalancers.get(physicalId);
    if (!known) throw new AwsError('LoadBalancerNotFound', `Load balancer '${physicalId}' not found`);
    return save(store, recordFrom(properties, known));
  },
  delete: async ({ physicalId }) => {
    for (const listener of store.all.listeners())
      if (listener.loadBalancerArn === physicalId) await removeListener(listener.arn, store, servers);
    store.loadBalancers.delete(physicalId);
  },
});

const recordFrom = (
  properties: Properties,
  known: Pick<LoadBalancerRecord, 'arn' | 'name' | 'createdAtMillis'>,
): LoadBalancerRecord => {
  const { Scheme = 'internet-facing', Subnets = [], SecurityGroups = [] }: Input = properties;
  const { arn, name, createdAtMillis } = known;
  return { arn, name, createdAtMillis, scheme: Scheme, subnets: Subnets, securityGroups: SecurityGroups };
};

const save = (store: BalancerStore, record: LoadBalancerRecord): Resource => {
  store.loadBalancers.put(record.arn, record);
  const { arn, name, securityGroups } = record;
  return {
    physicalId: arn,
    attributes: {
      LoadBalancerArn: arn,
      LoadBalancerName: name,
      LoadBalancerFullName: afterKind(arn),
      DNSName: '127.0.0.1',
      CanonicalHostedZoneID: 'Z00000000000000000000',
      SecurityGroups: securityGroups,
    },
  };
};
