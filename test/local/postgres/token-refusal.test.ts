import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loginToken } from '../../../functions/adapters/postgres/login-token.ts';
import { standingClock } from '../../../infra/local/clock.ts';
import { createIam } from '../../../infra/local/iam/iam.ts';
import { tokenRefusal } from '../../../infra/local/postgres/token-refusal.ts';
import { create, testWorld } from '../test-world.ts';

const trust = {
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs-tasks.amazonaws.com' } }],
};
const allow = (resource: string, action = 'rds-db:connect') => ({
  Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
});
const ARN = 'arn:aws:rds-db:eu-central-1:111122223333:dbuser:db-MAIN/shop';
const ADDRESS = '127.0.0.1:23456';

/** A cloud in which a role may log in as `shop`, and what it signs. */
const setUp = async (policy: object = allow(ARN), boundary?: object) => {
  const world = testWorld({ clock: standingClock(Date.parse('2026-11-21T16:00:00Z')) });
  const seen: string[] = [];
  const iam = createIam(world, {
    observe: ({ action, resource, allowed }) => seen.push(`${action} ${resource} ${allowed}`),
  });
  if (boundary)
    await create(iam, 'AWS::IAM::ManagedPolicy', 'Boundary', { ManagedPolicyName: 'edge', PolicyDocument: boundary });
  const { attributes } = await create(iam, 'AWS::IAM::Role', 'Role', {
    RoleName: 'shop',
    AssumeRolePolicyDocument: trust,
    Policies: [{ PolicyName: 'login', PolicyDocument: policy }],
    ...(boundary && { PermissionsBoundary: 'arn:aws:iam::111122223333:policy/edge' }),
  });
  const credentials = { ...iam.credentialsFor(String(attributes['Arn']), 'task'), region: 'eu-central-1' };
  const judge = { iam, region: 'eu-central-1', now: world.clock.now };
  const sign = (
    login: { port?: number; host?: string; user?: string } = {},
    signer: Partial<typeof credentials> = {},
  ) =>
    loginToken(
      { host: '127.0.0.1', port: 23_456, user: 'shop', ...login },
      { ...credentials, ...signer },
      new Date(world.clock.now()),
    );
  const refusal = (token: string) => tokenRefusal(judge, { address: ADDRESS, user: 'shop', resourceArn: ARN }, token);
  return { world, iam, sign, refusal, seen };
};

test('a token of a role that may connect as the user lets it in, and the right that allowed it is seen', async () => {
  const { sign, refusal, seen } = await setUp();
  expect(refusal(await sign())).toBeUndefined();
  expect(seen).toEqual([`rds-db:connect ${ARN} true`]);
});

test('a token may leave out the slash, as the SDK of Go does', async () => {
  const { sign, refusal } = await setUp();
  expect(refusal((await sign()).replace('/?', '?'))).toBeUndefined();
});

test('a token is good for one server, one user and one region', async () => {
  const { sign, refusal } = await setUp();
  expect(refusal(await sign({ port: 23_457 }))).toBe('the token is for another server than 127.0.0.1:23456');
  expect(refusal(await sign({ host: 'localhost' }))).toBe('the token is for another server than 127.0.0.1:23456');
  expect(refusal(await sign({ user: 'shop2' }))).toBe('the token is for another user');
  expect(refusal(await sign({}, { region: 'us-east-1' }))).toBe('the token is not signed for eu-central-1');
  expect(refusal((await sign()).replaceAll('rds-db', 's3'))).toBe('the token is not signed for rds-db');
});

test('a token lives for fifteen minutes by the clock of the cloud', async () => {
  const { world, sign, refusal } = await setUp();
  const token = await sign();
  await world.clock.advance(900_000);
  expect(refusal(token)).toBeUndefined();
  await world.clock.advance(1);
  expect(refusal(token)).toBe('the token has expired');
});

test('clocks may differ by five minutes', async () => {
  const { sign, refusal } = await setUp();
  const signAhead = async (millis: number) => {
    const ahead = await setUp();
    await ahead.world.clock.advance(millis);
    return ahead.sign();
  };
  expect(refusal(await signAhead(300_000))).toBeUndefined();
  expect(refusal(await signAhead(301_000))).toBe('the token is signed in the future');
  expect(refusal((await sign()).replace('Expires=900', 'Expires=901'))).toBe(
    'the token wants to live longer than 900 s',
  );
});

test('a token whose signature, session, key or day is another is refused', async () => {
  const { iam, sign, refusal } = await setUp();
  const token = await sign();
  const signature = /Signature=(\w+)/.exec(token)?.[1] ?? '';
  expect(
    refusal(
      token.replace(
        signature,
        signature.replace(/^./, (sign) => (sign === '0' ? '1' : '0')),
      ),
    ),
  ).toBe('the signature of the token is wrong');
  expect(refusal(token.replace('Expires=900', 'Expires=899'))).toBe('the signature of the token is wrong');
  expect(refusal(await sign({}, { secretAccessKey: 'guessed' }))).toBe('the signature of the token is wrong');
  const { sessionToken } = iam.credentialsFor('arn:aws:iam::111122223333:role/other', 'task');
  expect(refusal(await sign({}, { sessionToken }))).toBe('the session of the token is another than that of its key');
  expect(refusal(await sign({}, { accessKeyId: 'operator' }))).toBe(
    'the token is signed with a key that no role was given',
  );
  const day = /Credential=\w+%2F(\d{8})/.exec(token)?.[1] ?? '';
  expect(refusal(token.replace(`%2F${day}`, '%2F20200101'))).toBe('the token is signed for another day');
});

test('what is no token is refused, and so is one with something missing or said twice', async () => {
  const { sign, refusal } = await setUp();
  const token = await sign();
  for (const none of ['', 'a password', '127.0.0.1:23456/?', '/?a=b', `https://${token}`])
    expect(refusal(none)).toBe('what was given for a token is none');
  expect(refusal(token.replace('Action=connect', 'Action=drop'))).toContain('the token has no Action');
  expect(refusal(token.replace('X-Amz-SignedHeaders=host', 'a=b'))).toContain('has no X-Amz-SignedHeaders');
  expect(refusal(`${token}&DBUser=shop`)).toBe('the token says something twice');
});

test.each([
  ['no right at all', allow(ARN, 's3:GetObject'), undefined, 'because no identity-based policy allows'],
  ['the right for another user', allow(`${ARN}2`), undefined, 'because no identity-based policy allows'],
  ['the right on another server', allow(ARN.replace('db-MAIN', 'db-OTHER')), undefined, 'because no identity-based'],
  ['a boundary that leaves it out', allow(ARN), allow('*', 's3:*'), 'because no permissions boundary allows'],
  [
    'a denial',
    { Statement: [...allow(ARN).Statement, { Effect: 'Deny', Action: '*', Resource: '*' }] },
    undefined,
    'with an explicit deny',
  ],
])('a role with %s is refused, in words that name it', async (_, policy, boundary, words) => {
  const { sign, refusal } = await setUp(policy, boundary);
  const because = refusal(await sign());
  expect(because).toContain('assumed-role/shop/task is not authorized to perform: rds-db:connect');
  expect(because).toContain(words);
});

test('a role that may connect as the user within its boundary is let in', async () => {
  const { sign, refusal } = await setUp(allow('arn:aws:rds-db:*:*:dbuser:*/shop'), allow('*', 'rds-db:*'));
  expect(refusal(await sign())).toBeUndefined();
});

test('whatever is changed in a token, it lets nobody in and no part of it is repeated', async () => {
  const { sign, refusal } = await setUp();
  const token = await sign();
  const changes = fc.record({
    at: fc.nat(token.length - 1),
    to: fc.string({ minLength: 1, maxLength: 3, unit: 'grapheme' }),
  });
  fc.assert(
    fc.property(changes, ({ at, to }) => {
      const changed = token.slice(0, at) + to + token.slice(at + 1);
      fc.pre(meaning(changed) !== meaning(token));
      const because = refusal(changed);
      expect(because).toBeDefined();
      for (const [name, value] of new URLSearchParams(token.replace(/^.*\?/, '')))
        if (/Signature|Security|Credential/.test(name)) expect(because).not.toContain(value);
    }),
  );
});

/** What a token says, however it spells it. */
const meaning = (token: string): string => {
  const [address, ...search] = token.split('?');
  return JSON.stringify([address, ...new URLSearchParams(search.join('?'))]);
};
