import { expect, test } from '@jest/globals';
import { getStage } from '../../infra/aws/get-stage.ts';
import { deployRoleArn } from '../../infra/aws/names.ts';
import { allResources, listed, resourcesOfType, type Statement } from '../support/synthesised.ts';
import { onAnyResource } from './any-resource.ts';

interface Document {
  readonly Statement: readonly Statement[];
}

/** Statements of the policies that are attached to roles: a boundary grants nothing. */
const attached: readonly (readonly [policy: string, statement: Statement])[] = [
  ...resourcesOfType('AWS::IAM::Policy'),
  ...resourcesOfType('AWS::IAM::ManagedPolicy').filter(([, { Properties }]) => Properties?.['Roles']),
].flatMap(([id, { Properties = {} }]) =>
  (Properties as unknown as { readonly PolicyDocument: Document }).PolicyDocument.Statement.map(
    (statement) => [id, statement] as const,
  ),
);

const allowing = attached.filter(([, { Effect }]) => Effect === 'Allow');

const withAction = (action: string) => allowing.filter(([, { Action }]) => listed(Action).includes(action));

test('no statement allows every action, of everything or of one service', () => {
  expect(allowing.filter(([, { Action }]) => listed(Action).some((each) => each.includes('*')))).toEqual([]);
  expect(allowing.length).toBeGreaterThan(30);
});

test('nothing is allowed by what it is not: no NotAction, NotResource or NotPrincipal', () => {
  const statements = allResources().flatMap(([id, { Properties = {} }]) =>
    [Properties['PolicyDocument'], Properties['AssumeRolePolicyDocument']].flatMap((document) =>
      document ? (document as Document).Statement.map((each) => [id, each] as const) : [],
    ),
  );
  expect(statements.length).toBeGreaterThan(60);
  // What is denied beside a list keeps to the list.
  const allowed = statements.filter(([, { Effect }]) => Effect !== 'Deny');
  expect(allowed.filter(([, each]) => /"Not(Action|Resource|Principal)"/.test(JSON.stringify(each)))).toEqual([]);
});

test('what is allowed on every resource stands in one list with its reason, and nothing else does', () => {
  const wide = allowing.filter(([, { Resource }]) => listed(Resource).includes('*'));
  const actions = new Set(wide.flatMap(([, { Action }]) => listed(Action)));
  expect([...actions].sort()).toEqual(Object.keys(onAnyResource).sort());
});

test('a role is handed on by its name, and to one named service only', () => {
  const passing = withAction('iam:PassRole');
  expect(passing.length).toBeGreaterThan(1);
  for (const [policy, { Condition, Resource, Action }] of passing) {
    const service = (Condition as { StringEquals?: Record<string, unknown> })?.StringEquals?.['iam:PassedToService'];
    expect([policy, service]).toEqual([policy, expect.stringMatching(/^(cloudformation|ecs-tasks)\.amazonaws\.com$/)]);
    for (const role of listed(Resource))
      expect([policy, role]).toEqual([policy, expect.stringMatching(/^arn:aws:iam::\d{12}:role\/[\w/-]+\*?$/)]);
    expect(listed(Action)).toEqual(['iam:PassRole']);
  }
});

test('whoever may take a role may take deploy roles of the stage’s clusters and no other', () => {
  const named = withAction('sts:AssumeRole').flatMap(([, { Resource }]) => listed(Resource));
  expect(new Set(named)).toEqual(new Set(getStage('example').clusters.map(deployRoleArn)));
});

interface Trust extends Statement {
  readonly Principal: Readonly<Record<string, unknown>>;
}

const trusts: readonly (readonly [role: string, trust: Trust])[] = resourcesOfType('AWS::IAM::Role').flatMap(
  ([id, { Properties = {} }]) =>
    (
      Properties as unknown as { readonly AssumeRolePolicyDocument: { readonly Statement: readonly Trust[] } }
    ).AssumeRolePolicyDocument.Statement.map((trust) => [id, trust] as const),
);

test('every role is taken by one service, or by the one account that has to say the external id', () => {
  for (const [role, { Effect, Action, Principal, Condition }] of trusts) {
    expect([role, Effect, Action]).toEqual([role, 'Allow', 'sts:AssumeRole']);
    const [kind = '', ...others] = Object.keys(Principal);
    expect([role, others]).toEqual([role, []]);
    if (kind === 'Service') expect([role, typeof Principal[kind]]).toEqual([role, 'string']);
    else
      expect([role, kind, JSON.stringify(Condition)]).toEqual([role, 'AWS', expect.stringContaining('sts:ExternalId')]);
  }
});

/** Services that say for whom they take a role: the others send no such key, and a condition would shut them out. */
const SAY_FOR_WHOM = ['states.amazonaws.com', 'ecs-tasks.amazonaws.com', 'events.amazonaws.com'];

test('a service that says for whom it takes a role may take it for this account alone', () => {
  const told = trusts.filter(([, { Principal }]) => SAY_FOR_WHOM.includes(String(Principal['Service'])));
  expect(new Set(told.map(([, { Principal }]) => Principal['Service']))).toEqual(new Set(SAY_FOR_WHOM));
  for (const [role, { Condition }] of told)
    expect([role, JSON.stringify(Condition)]).toEqual([role, expect.stringMatching(/aws:Source(Account|Arn)/)]);
});
