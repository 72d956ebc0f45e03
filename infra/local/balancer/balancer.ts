import type { Part, World } from '../part.ts';
import { balancerArns } from './balancer-arns.ts';
import type { Target, TargetState } from './balancer-records.ts';
import { balancerStore } from './balancer-store.ts';
import { elbService } from './elb-service.ts';
import { listenerProvider } from './listener-resource.ts';
import { listenerServers } from './listener-servers.ts';
import { loadBalancerProvider } from './load-balancer-resource.ts';
import { ruleProvider } from './rule-resource.ts';
import { targetGroupProvider } from './target-group-resource.ts';
import { type HealthListener, targetPool } from './target-pool.ts';

/** What ECS needs of the balancer, and where people find what it serves. */
export interface Balancer {
  /** Starts health checks; a target that is registered already stays as it is. */
  register(targetGroupArn: string, target: Target): void;
  /** No new request from now on; resolves when the last one is answered or the deregistration delay is over. */
  deregister(targetGroupArn: string, target: Target): Promise<void>;
  stateOf(targetGroupArn: string, target: Target): TargetState | undefined;
  onState(listener: HealthListener): void;
  /** Undefined when there is no such target group. */
  findTargetGroup(targetGroupArn: string): { readonly loadBalancerArns: readonly string[] } | undefined;
  /** `http://127.0.0.1:{port}` while the listener is open. */
  listenerUrl(listenerArn: string): string | undefined;
}

export interface BalancerOptions {
  /** Where `access.log` is written; without it there is none. */
  readonly directory?: string;
}

/** Elastic Load Balancing: real HTTP listeners on this machine, and ELBv2's describe calls. */
export const createBalancer = (world: World, { directory }: BalancerOptions = {}): Part & Balancer => {
  const store = balancerStore(world);
  const arns = balancerArns(world);
  const pool = targetPool(world, store.targetGroups.get);
  const servers = listenerServers(world, store, pool, directory);

  return {
    register: pool.register,
    deregister: pool.deregister,
    stateOf: pool.stateOf,
    onState: pool.listen,
    findTargetGroup: (arn) =>
      store.targetGroups.get(arn) ? { loadBalancerArns: store.loadBalancersOf(arn) } : undefined,
    listenerUrl: (arn) => {
      const port = servers.portOf(arn);
      return port === undefined ? undefined : `http://127.0.0.1:${port}`;
    },
    services: [elbService(store, pool)],
    resources: {
      'AWS::ElasticLoadBalancingV2::LoadBalancer': loadBalancerProvider(world, { store, arns, servers }),
      'AWS::ElasticLoadBalancingV2::Listener': listenerProvider({ store, arns, servers }),
      'AWS::ElasticLoadBalancingV2::TargetGroup': targetGroupProvider({ store, arns, pool }),
      'AWS::ElasticLoadBalancingV2::ListenerRule': ruleProvider({ store, arns }),
    },
    start: async () => {
      for (const group of store.all.targetGroups())
        for (const target of group.fixedTargets) pool.register(group.arn, target);
      for (const listener of store.all.listeners()) await servers.open(listener);
    },
    stop: async () => {
      pool.stop();
      await servers.closeAll();
    },
  };
};
