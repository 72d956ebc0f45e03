import { AwsError } from '../wire/service.ts';
import type { Action } from './balancer-records.ts';
import type { BalancerStore } from './balancer-store.ts';

/** @throws AwsError TargetGroupNotFound when an action forwards to a target group that is not there */
export const requireTargetGroups = (store: BalancerStore, actions: readonly Action[]): void => {
  const missing = actions
    .flatMap((action) => (action.type === 'forward' ? action.targetGroups : []))
    .filter(({ arn }) => !store.targetGroups.get(arn));
  if (missing.length)
    throw new AwsError('TargetGroupNotFound', `Target groups '${missing.map(({ arn }) => arn).join(', ')}' not found`);
};
