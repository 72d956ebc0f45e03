import type { ResourceProvider } from '../part.ts';
import { AwsError, type Input } from '../wire/service.ts';
import { actionsFrom } from './action-from.ts';
import type { BalancerArns } from './balancer-arns.ts';
import type { ListenerRecord } from './balancer-records.ts';
import type { BalancerStore } from './balancer-store.ts';
import type { ListenerServers } from './listener-servers.ts';
import { requireTargetGroups } from './require-target-groups.ts';

interface Parts {
  readonly store: BalancerStore;
  readonly arns: BalancerArns;
  readonly servers: ListenerServers;
}

/** AWS::ElasticLoadBalancingV2::Listener: an open port. HTTPS is taken as HTTP, its certificates are not looked at. */
export const listenerProvider = ({ store, arns, servers }: Parts): ResourceProvider => {
  const save = async (listener: ListenerRecord) => {
    requireTargetGroups(store, listener.defaultActions);
    const known = store.listeners.get(listener.arn);
    store.listeners.put(listener.arn, listener);
    if (known?.port !== listener.port || servers.portOf(listener.arn) === undefined) await servers.open(listener);
    return { physicalId: listener.arn, attributes: { ListenerArn: listener.arn } };
  };
  return {
    create: async ({ properties, seed }) => {
      const given: Input = properties;
      const loadBalancerArn = String(given.LoadBalancerArn);
      if (!store.loadBalancers.get(loadBalancerArn))
        throw new AwsError('LoadBalancerNotFound', `Load balancer '${loadBalancerArn}' not found`);
      const arn = arns.listener(loadBalancerArn, seed);
      const port = Number(given.Port);
      const twin = store.all.listeners().find((other) => other.arn !== arn && sameDoor(other, loadBalancerArn, port));
      if (twin)
        throw new AwsError('DuplicateListener', 'A listener already exists on this port for this load balancer');
      const defaultActions = actionsFrom(given.DefaultActions);
      return save({ arn, loadBalancerArn, protocol: given.Protocol ?? 'HTTP', port, localPort: 0, defaultActions });
    },
    update: async ({ physicalId, properties }) => {
      const given: Input = properties;
      const known = store.listeners.get(physicalId);
      if (!known) throw new AwsError('ListenerNotFound', 'One or more listeners not found');
      const port = Number(given.Port);
      const defaultActions = actionsFrom(given.DefaultActions);
      const localPort = port === known.port ? known.localPort : 0;
      return save({ ...known, protocol: given.Protocol ?? 'HTTP', port, localPort, defaultActions });
    },
    delete: ({ physicalId }) => removeListener(physicalId, store, servers),
  };
};

/** Takes its rules along, whichever stack they are of, as AWS does. */
export const removeListener = async (arn: string, store: BalancerStore, servers: ListenerServers): Promise<void> => {
  for (const rule of store.rulesOf(arn)) store.rules.delete(rule.arn);
  store.listeners.delete(arn);
  await servers.close(arn);
};

const sameDoor = (listener: ListenerRecord, loadBalancerArn: string, port: number) =>
  listener.loadBalancerArn === loadBalancerArn && listener.port === port;
