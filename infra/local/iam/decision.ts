import type { ConditionContext } from './condition.ts';
import { type Place, type PolicyDocument, verdictOf } from './policy.ts';

/** One answer of the evaluator: what least-privilege tests collect. */
export interface Decision {
  readonly roleArn: string;
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
  /** The end of AWS's sentence, when refused. */
  readonly because?: string;
  /** What allowed it. */
  readonly grants: readonly Grant[];
}

/** One resource pattern of a statement of a policy that is attached to a role. */
export interface Grant extends Place {
  /** Name of an inline policy, ARN of a managed one. */
  readonly policy: string;
}

export interface Bounds {
  readonly policies: readonly PolicyDocument[];
  readonly boundary?: PolicyDocument | undefined;
}

/**
 * Why a request is refused, in AWS's words, or undefined when it is allowed
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
 */
export const refusalOf = (
  { policies, boundary }: Bounds,
  action: string,
  resource: string,
  context: ConditionContext,
): string | undefined => {
  const question = { action, resource, context };
  const identity = verdictOf(policies, question);
  const bounded = boundary ? verdictOf([boundary], question) : 'allow';
  if (identity === 'deny') return 'with an explicit deny in an identity-based policy';
  if (bounded === 'deny') return 'with an explicit deny in a permissions boundary';
  if (identity === 'none') return `because no identity-based policy allows the ${action} action`;
  return bounded === 'none' ? `because no permissions boundary allows the ${action} action` : undefined;
};
