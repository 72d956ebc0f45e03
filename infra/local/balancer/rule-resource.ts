import type { Properties, Resource, ResourceProvider } from '../part.ts';
import { AwsError, type Input } from '../wire/service.ts';
import { actionsFrom, conditionsFrom } from './action-from.ts';
import type { BalancerArns } from './balancer-arns.ts';
import type { BalancerStore } from './balancer-store.ts';
import { requireTargetGroups } from './require-target-groups.ts';

/** AWS::ElasticLoadBalancingV2::ListenerRule. A priority belongs to one rule of a listener: whoever comes second fails. */
export const ruleProvider = ({ store, arns }: { store: BalancerStore; arns: BalancerArns }): ResourceProvider => {
  const save = (arn: string, listenerArn: string, properties: Properties): Resource => {
    const given: Input = properties;
    const priority = priorityFrom(given.Priority);
    const actions = actionsFrom(given.Actions);
    requireTargetGroups(store, actions);
    if (store.rulesOf(listenerArn).some((other) => other.priority === priority && other.arn !== arn))
      throw new AwsError('PriorityInUse', `Priority '${priority}' is currently in use`);
    store.rules.put(arn, { arn, listenerArn, priority, conditions: conditionsFrom(given.Conditions), actions });
    return { physicalId: arn, attributes: { RuleArn: arn, IsDefault: false } };
  };
  return {
    create: async ({ properties, seed }) => {
      const listenerArn = String(properties['ListenerArn']);
      if (!store.listeners.get(listenerArn))
        throw new AwsError('ListenerNotFound', `One or more listeners not found: ${listenerArn}`);
      return save(arns.rule(listenerArn, seed), listenerArn, properties);
    },
    update: async ({ physicalId, properties }) => {
      const known = store.rules.get(physicalId);
      if (!known) throw new AwsError('RuleNotFound', 'One or more rules not found');
      return save(physicalId, known.listenerArn, properties);
    },
    delete: async ({ physicalId }) => store.rules.delete(physicalId),
  };
};

/** 1 to 50000: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html */
const priorityFrom = (given: unknown): number => {
  const priority = Number(given);
  if (Number.isInteger(priority) && priority >= 1 && priority <= 50_000) return priority;
  throw new AwsError('ValidationError', `The priority must be between 1 and 50000, not '${given}'`);
};
