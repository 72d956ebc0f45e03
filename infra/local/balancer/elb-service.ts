import { pageOf } from '../wire/page.ts';
import { queryService } from '../wire/query.ts';
import { AwsError, type Input, type WireService } from '../wire/service.ts';
import type { BalancerStore } from './balancer-store.ts';
import {
  defaultRuleView,
  listenerView,
  loadBalancerView,
  ruleView,
  targetGroupView,
  targetHealthView,
} from './elb-views.ts';
import type { TargetPool } from './target-pool.ts';

const NAMESPACE = 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/';

/** ELBv2's describe calls. None of them can be limited to a resource by a policy: their IAM resource is `*`. */
export const elbService = (store: BalancerStore, pool: TargetPool): WireService =>
  queryService('elasticloadbalancing', NAMESPACE, {
    DescribeLoadBalancers: {
      run: (input) => {
        const found = chosen(store.all.loadBalancers(), [
          [input.LoadBalancerArns, 'arn', 'LoadBalancerNotFound', 'One or more load balancers not found'],
          [input.Names, 'name', 'LoadBalancerNotFound', `Load balancers '[${input.Names}]' not found`],
        ]);
        const { page, NextMarker } = paged(found, input);
        return { LoadBalancers: page.map(loadBalancerView), NextMarker };
      },
    },
    DescribeListeners: {
      run: (input) => {
        const given = [input.LoadBalancerArn ?? []].flat();
        chosen(store.all.loadBalancers(), [
          [given, 'arn', 'LoadBalancerNotFound', 'One or more load balancers not found'],
        ]);
        const found = chosen(store.all.listeners(), [
          [input.ListenerArns, 'arn', 'ListenerNotFound', 'One or more listeners not found'],
        ]).filter((listener) => given.length === 0 || given.includes(listener.loadBalancerArn));
        const { page, NextMarker } = paged(found, input);
        return { Listeners: page.map(listenerView), NextMarker };
      },
    },
    DescribeRules: {
      run: (input) => {
        const { page, NextMarker } = paged(rulesAskedFor(store, input), input);
        return { Rules: page, NextMarker };
      },
    },
    DescribeTargetGroups: {
      run: (input) => {
        const found = chosen(store.all.targetGroups(), [
          [input.TargetGroupArns, 'arn', 'TargetGroupNotFound', 'One or more target groups not found'],
          [input.Names, 'name', 'TargetGroupNotFound', 'One or more target groups not found'],
        ])
          .map((group) => ({ group, balancers: store.loadBalancersOf(group.arn) }))
          .filter(({ balancers }) => !input.LoadBalancerArn || balancers.includes(input.LoadBalancerArn));
        const { page, NextMarker } = paged(found, input);
        return { TargetGroups: page.map(({ group, balancers }) => targetGroupView(group, balancers)), NextMarker };
      },
    },
    DescribeTargetHealth: {
      run: ({ TargetGroupArn, Targets }) => {
        const arn = String(TargetGroupArn);
        if (!store.targetGroups.get(arn)) throw new AwsError('TargetGroupNotFound', `Target groups '${arn}' not found`);
        const inUse = store.loadBalancersOf(arn).length > 0;
        const asked = (id: string, port: number) =>
          !Targets || Targets.some((one: Input) => one.Id === id && (!one.Port || Number(one.Port) === port));
        const members = pool.membersOf(arn).filter(({ target }) => asked(target.id, target.port));
        return {
          TargetHealthDescriptions: members.map(({ target, state }) =>
            targetHealthView(target, inUse ? state : 'unused'),
          ),
        };
      },
    },
  });

const rulesAskedFor = (store: BalancerStore, { ListenerArn, RuleArns }: Input): unknown[] => {
  if (RuleArns) {
    const rows: readonly [string[], 'arn', string, string][] = [
      [RuleArns, 'arn', 'RuleNotFound', 'One or more rules not found'],
    ];
    return chosen(store.all.rules(), rows).map(ruleView);
  }
  const listener = store.listeners.get(String(ListenerArn));
  if (!listener) throw new AwsError('ListenerNotFound', 'One or more listeners not found');
  return [...store.rulesOf(listener.arn).map(ruleView), defaultRuleView(listener)];
};

type Choice<T> = readonly [asked: unknown, key: keyof T, code: string, message: string];

/** All items, or those that were asked for by name; one that is missing makes the call fail. */
const chosen = <T>(items: readonly T[], choices: readonly Choice<T>[]): readonly T[] =>
  choices.reduce((left, [asked, key, code, message]) => {
    if (!Array.isArray(asked) || asked.length === 0) return left;
    if (asked.some((value) => !items.some((item) => item[key] === value))) throw new AwsError(code, message);
    return left.filter((item) => asked.includes(item[key]));
  }, items);

/** At most 400 a page: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeRules.html */
const paged = <T>(items: readonly T[], { Marker, PageSize = 400 }: Input) => {
  const { page, next } = pageOf(items, Marker, Math.min(Number(PageSize), 400));
  return { page, NextMarker: next };
};
