import type { World } from '../part.ts';
import type { Action, ListenerRecord, LoadBalancerRecord, RuleRecord, TargetGroupRecord } from './balancer-records.ts';

/** What is declared, durable; which targets are registered is only known while the cloud runs. */
export const balancerStore = ({ store }: Pick<World, 'store'>) => {
  const loadBalancers = store.table<LoadBalancerRecord>('elb.load-balancers');
  const listeners = store.table<ListenerRecord>('elb.listeners');
  const rules = store.table<RuleRecord>('elb.rules');
  const targetGroups = store.table<TargetGroupRecord>('elb.target-groups');
  const all = {
    loadBalancers: () => loadBalancers.list().map(({ value }) => value),
    listeners: () => listeners.list().map(({ value }) => value),
    rules: () => rules.list().map(({ value }) => value),
    targetGroups: () => targetGroups.list().map(({ value }) => value),
  };

  const rulesOf = (listenerArn: string) =>
    all
      .rules()
      .filter((rule) => rule.listenerArn === listenerArn)
      .sort((a, b) => a.priority - b.priority);

  /** The load balancers whose listeners send anything to the target group. */
  const loadBalancersOf = (targetGroupArn: string): string[] => {
    const using = all
      .listeners()
      .filter((listener) =>
        [listener.defaultActions, ...rulesOf(listener.arn).map(({ actions }) => actions)].some((actions) =>
          forwardsTo(actions, targetGroupArn),
        ),
      );
    return [...new Set(using.map(({ loadBalancerArn }) => loadBalancerArn))];
  };

  return { loadBalancers, listeners, rules, targetGroups, all, rulesOf, loadBalancersOf };
};

export type BalancerStore = ReturnType<typeof balancerStore>;

export const forwardsTo = (actions: readonly Action[], targetGroupArn: string): boolean =>
  actions.some((action) => action.type === 'forward' && action.targetGroups.some(({ arn }) => arn === targetGroupArn));
