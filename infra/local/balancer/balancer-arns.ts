import { createHash } from 'node:crypto';
import type { World } from '../part.ts';

/** The ARNs of Elastic Load Balancing; their ids derive from the seed, so that the same template gives the same ARNs. */
export const balancerArns = ({ region, account }: Pick<World, 'region' | 'account'>) => {
  const prefix = `arn:aws:elasticloadbalancing:${region}:${account}:`;
  return {
    loadBalancer: (name: string, seed: string) => `${prefix}loadbalancer/app/${name}/${idFrom(seed)}`,
    listener: (loadBalancerArn: string, seed: string) =>
      `${prefix}listener/${afterKind(loadBalancerArn)}/${idFrom(seed)}`,
    rule: (listenerArn: string, seed: string) => `${prefix}listener-rule/${afterKind(listenerArn)}/${idFrom(seed)}`,
    targetGroup: (name: string, seed: string) => `${prefix}targetgroup/${name}/${idFrom(seed)}`,
  };
};

export type BalancerArns = ReturnType<typeof balancerArns>;

/** `app/shop/0123456789abcdef` of a load balancer's or listener's ARN. */
export const afterKind = (arn: string): string => arn.slice(arn.indexOf('/') + 1);

/** `targetgroup/name/0123456789abcdef`: what CloudWatch calls a target group. */
export const fullNameOf = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

const idFrom = (seed: string) => createHash('sha256').update(seed).digest('hex').slice(0, 16);
