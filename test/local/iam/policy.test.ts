import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ConditionBlock, type ConditionContext, conditionHolds } from '../../../infra/local/iam/condition.ts';
import { refusalOf } from '../../../infra/local/iam/decision.ts';
import { policyFrom, type Statement, verdictOf } from '../../../infra/local/iam/policy.ts';
import { fitsArn, fitsWildcard } from '../../../infra/local/iam/wildcard.ts';

const TABLE = 'arn:aws:dynamodb:eu-central-1:111122223333:table/stacks';
const ask = (statement: Statement | Statement[], action = 'dynamodb:PutItem', resource = TABLE) =>
  verdictOf([{ Statement: statement }], { action, resource, context: {} });

test.each<[string, Statement | Statement[], string]>([
  ['an action named', { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: TABLE }, 'allow'],
  ['letter case of the action', { Effect: 'Allow', Action: 'DynamoDB:putitem', Resource: TABLE }, 'allow'],
  [
    'letter case of the resource',
    { Effect: 'Allow', Action: '*', Resource: TABLE.replace('stacks', 'Stacks') },
    'none',
  ],
  ['a wildcard action', { Effect: 'Allow', Action: 'dynamodb:Put*', Resource: '*' }, 'allow'],
  ['one unknown letter', { Effect: 'Allow', Action: 'dynamodb:PutIte?', Resource: `${TABLE.slice(0, -1)}?` }, 'allow'],
  ['a resource below', { Effect: 'Allow', Action: 'dynamodb:*', Resource: `${TABLE}/index/*` }, 'none'],
  ['NotAction', { Effect: 'Allow', NotAction: ['iam:*'], Resource: '*' }, 'allow'],
  ['NotAction that names it', { Effect: 'Allow', NotAction: ['dynamodb:*'], Resource: '*' }, 'none'],
  ['NotResource', { Effect: 'Allow', Action: '*', NotResource: ['arn:aws:s3:::*'] }, 'allow'],
  [
    'a deny beside an allow',
    [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'dynamodb:PutItem', Resource: '*' },
    ],
    'deny',
  ],
])('a policy answers by %s', (_what, statement, verdict) => {
  expect(ask(statement)).toBe(verdict);
});

test('dots and brackets in a pattern stand for themselves', () => {
  expect(fitsWildcard('a.b', 'axb')).toBe(false);
  expect(fitsWildcard('shop-[1]*', 'shop-[1]-x')).toBe(true);
});

test('an ARN pattern does not span a colon before the last part', () => {
  expect(fitsArn('arn:aws:lambda:*:function:x', 'arn:aws:lambda:eu:1:function:x')).toBe(false);
  expect(fitsArn('arn:aws:events:*:*:rule/*', 'arn:aws:events:eu:1:rule/a:b')).toBe(true);
});

test.each<[string, ConditionBlock, ConditionContext, boolean]>([
  ['equal', { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }, passed(), true],
  ['one of several', { StringEquals: { 'iam:PassedToService': ['a', 'ecs-tasks.amazonaws.com'] } }, passed(), true],
  ['key in other case', { StringEquals: { 'IAM:passedtoservice': 'ecs-tasks.amazonaws.com' } }, passed(), true],
  ['another value', { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }, passed(), false],
  ['absent key', { StringEquals: { 'aws:ResourceTag/team': 'x' } }, {}, false],
  ['absent key, if it exists', { StringEqualsIfExists: { 'aws:ResourceTag/team': 'x' } }, {}, true],
  ['absent key, negated', { StringNotEquals: { 'aws:ResourceTag/team': 'x' } }, {}, true],
  ['like', { StringLike: { 'iam:PassedToService': '*.amazonaws.com' } }, passed(), true],
  ['not like', { StringNotLike: { 'iam:PassedToService': '*.amazonaws.com' } }, passed(), false],
  [
    'ARN like',
    { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/x*' } },
    { 'aws:PrincipalArn': 'arn:aws:iam::1:role/xy' },
    true,
  ],
  ['null, absent', { Null: { 'sts:ExternalId': 'true' } }, {}, true],
  ['null, present', { Null: { 'sts:ExternalId': 'true' } }, { 'sts:ExternalId': '1' }, false],
  ['two operators, one fails', { StringLike: { a: '*' }, Null: { a: 'true' } }, { a: '1' }, false],
  ['all values', { 'ForAllValues:StringEquals': { tags: ['a', 'b'] } }, { tags: ['a', 'c'] }, false],
  ['any value', { 'ForAnyValue:StringEquals': { tags: ['a', 'b'] } }, { tags: ['a', 'c'] }, true],
  ['number', { NumericLessThanEquals: { 'sts:Seconds': '3600' } }, { 'sts:Seconds': '900' }, true],
  [
    'time',
    { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } },
    { 'aws:CurrentTime': '2026-01-01T00:00:00Z' },
    true,
  ],
])('a condition holds by rule: %s', (_what, block, context, holds) => {
  expect(conditionHolds(block, context)).toBe(holds);
});

test('a policy with an operator that cannot be judged is refused, not misread', () => {
  const document = {
    Statement: [
      { Effect: 'Deny', Action: '*', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
    ],
  };
  expect(() => policyFrom(document, 'identity')).toThrow('statement 1 uses IpAddress');
});

test('a deny that speaks of a request always wins, whatever allows stand beside it', () => {
  const resource = fc.constantFrom('*', TABLE, `${TABLE}*`, 'arn:aws:s3:::x');
  const statement = fc.record({
    Effect: fc.constantFrom('Allow' as const, 'Deny' as const),
    Action: fc.constantFrom('*', 'dynamodb:*', 'dynamodb:PutItem', 's3:GetObject'),
    Resource: resource,
  });
  fc.assert(
    fc.property(fc.array(statement), (statements) => {
      const denied = statements.some((one) => one.Effect === 'Deny' && ask(one) === 'deny');
      const allowed = statements.some((one) => one.Effect === 'Allow' && ask(one) === 'allow');
      expect(ask(statements)).toBe(denied ? 'deny' : allowed ? 'allow' : 'none');
    }),
  );
});

test('a permissions boundary takes away and never gives', () => {
  const all = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } as const;
  const puts = { Statement: { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: '*' } } as const;
  expect(refusalOf({ policies: [all], boundary: puts }, 'dynamodb:PutItem', TABLE, {})).toBeUndefined();
  expect(refusalOf({ policies: [all], boundary: puts }, 'dynamodb:GetItem', TABLE, {})).toBe(
    'because no permissions boundary allows the dynamodb:GetItem action',
  );
  expect(refusalOf({ policies: [], boundary: all }, 'dynamodb:GetItem', TABLE, {})).toBe(
    'because no identity-based policy allows the dynamodb:GetItem action',
  );
});

function passed(): ConditionContext {
  return { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
}
