import type { Caller } from '../wire/service.ts';
import { type ConditionContext, conditionHolds } from './condition.ts';
import { namesAction, oneOrMore, type PolicyDocument, type Statement, statementsOf } from './policy.ts';

const ASSUME = 'sts:AssumeRole';

/** `direct`: the caller itself is named; `account`: its account is, so that its own policies must allow it as well. */
export type Trust = 'direct' | 'account' | 'none';

/** What a trust policy says of a caller: an explicit deny wins. */
export const trustIn = (policy: PolicyDocument, caller: Caller, account: string, context: ConditionContext): Trust => {
  const named = statementsOf(policy)
    .filter((statement) => namesAction(statement, ASSUME) && conditionHolds(statement.Condition, context))
    .map((statement) => ({ effect: statement.Effect, trust: principalTrust(statement, caller, account) }))
    .filter(({ trust }) => trust !== 'none');
  if (named.length === 0 || named.some(({ effect }) => effect === 'Deny')) return 'none';
  return named.some(({ trust }) => trust === 'direct') ? 'direct' : 'account';
};

/** Whether a service may take the role, as Lambda or ECS does when it runs something under it. */
export const serviceMayAssume = (policy: PolicyDocument, service: string, context?: ConditionContext): boolean =>
  statementsOf(policy).some(
    (statement) =>
      statement.Effect === 'Allow' &&
      namesAction(statement, ASSUME) &&
      (context === undefined || conditionHolds(statement.Condition, context)) &&
      principalsOf(statement, 'Service').includes(service),
  );

const principalTrust = (statement: Statement, caller: Caller, account: string): Trust => {
  const principals = principalsOf(statement, 'AWS');
  if (principals.some((name) => name === '*' || name === caller.roleArn || name === caller.arn)) return 'direct';
  return principals.includes(account) || principals.includes(`arn:aws:iam::${account}:root`) ? 'account' : 'none';
};

const principalsOf = ({ Principal }: Statement, kind: string): readonly string[] => {
  if (Principal === undefined) return [];
  return Principal === '*' ? ['*'] : oneOrMore(Principal[kind]);
};
