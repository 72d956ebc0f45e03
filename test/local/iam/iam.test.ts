import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, expect, test } from '@jest/globals';
import type { Decision } from '../../../infra/local/iam/decision.ts';
import { createIam } from '../../../infra/local/iam/iam.ts';
import { openStore } from '../../../infra/local/store.ts';
import { create, resourceRequest, startedFront, type TestWorld, testWorld } from '../test-world.ts';

const ROLE = 'arn:aws:iam::111122223333:role/deployer';
const STACKS = 'arn:aws:dynamodb:eu-central-1:111122223333:table/stacks';
const trust = (Principal: unknown, Condition?: unknown) => ({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal, ...(Condition ? { Condition } : {}) }],
});
const LAMBDA_TRUST = trust({ Service: 'lambda.amazonaws.com' });
const allow = (Action: string, Resource = '*') => ({ Statement: [{ Effect: 'Allow', Action, Resource }] });

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const withRole = async (properties: object = {}, world: TestWorld = testWorld()) => {
  const decisions: Decision[] = [];
  const iam = createIam(world, { observe: (decision) => decisions.push(decision) });
  const role = await create(iam, 'AWS::IAM::Role', 'Deployer', {
    RoleName: 'deployer',
    AssumeRolePolicyDocument: LAMBDA_TRUST,
    ...properties,
  });
  return { world, iam, role, decisions };
};

const sts = async (iam: Awaited<ReturnType<typeof withRole>>['iam'], roleArn?: string) => {
  const front = await startedFront(iam, []);
  open.push(front);
  return new STSClient(roleArn ? front.as(roleArn) : front.operator);
};

test('a role gives its name as Ref, and its ARN and id as attributes', async () => {
  const { role } = await withRole();
  expect(role).toEqual({
    physicalId: 'deployer',
    attributes: { Arn: ROLE, RoleId: expect.stringMatching(/^AROA\w{17}$/) },
  });
});

test('a generated name is the same for the same seed and fits 64 characters', async () => {
  const { iam } = await withRole();
  const properties = { AssumeRolePolicyDocument: LAMBDA_TRUST };
  const logicalId = 'ARoleWithAVeryLongLogicalIdThatWouldNotFitIntoTheNameOfARole';
  const first = await create(iam, 'AWS::IAM::Role', logicalId, properties);
  expect(first.physicalId).toHaveLength(64);
  expect(await create(iam, 'AWS::IAM::Role', logicalId, properties)).toEqual(first);
});

test('a name belongs to the resource that took it', async () => {
  const { iam } = await withRole();
  const again = create(iam, 'AWS::IAM::Role', 'Other', {
    RoleName: 'deployer',
    AssumeRolePolicyDocument: LAMBDA_TRUST,
  });
  await expect(again).rejects.toThrow('Role with name deployer already exists.');
});

test('what no policy allows is refused in the words of AWS, and every decision is seen', async () => {
  const { iam, decisions } = await withRole({
    Policies: [{ PolicyName: 'own', PolicyDocument: allow('dynamodb:PutItem', STACKS) }],
  });
  const { accessKeyId } = iam.credentialsFor(ROLE, 'step');
  const authorize = iam.authorizeAs(iam.callerOf(accessKeyId));
  authorize('dynamodb:PutItem', [STACKS]);
  expect(() => authorize('dynamodb:DeleteItem', [STACKS])).toThrow(
    expect.objectContaining({
      code: 'AccessDeniedException',
      status: 400,
      message: `User: arn:aws:sts::111122223333:assumed-role/deployer/step is not authorized to perform: dynamodb:DeleteItem on resource: ${STACKS} because no identity-based policy allows the dynamodb:DeleteItem action`,
    }),
  );
  expect(decisions.map(({ action, allowed }) => [action, allowed])).toEqual([
    ['dynamodb:PutItem', true],
    ['dynamodb:DeleteItem', false],
  ]);
});

test('a decision names every statement, and every resource pattern of it, that allowed the call', async () => {
  const Statement = [
    { Effect: 'Deny', Action: 'dynamodb:DeleteTable', Resource: '*' },
    { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Resource: ['arn:aws:s3:::x', STACKS] },
    { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: `${STACKS}*` },
  ];
  const { iam, decisions } = await withRole({ Policies: [{ PolicyName: 'own', PolicyDocument: { Statement } }] });
  iam.authorizeRole(ROLE, 'dynamodb:GetItem', [STACKS]);
  iam.authorizeRole(ROLE, 'dynamodb:PutItem', [STACKS]);
  expect(() => iam.authorizeRole(ROLE, 'dynamodb:DeleteTable', [STACKS])).toThrow();
  expect(decisions.map(({ grants }) => grants)).toEqual([
    [
      { policy: 'own', statement: 1, resource: 1 },
      { policy: 'own', statement: 2, resource: 0 },
    ],
    [{ policy: 'own', statement: 1, resource: 1 }],
    [],
  ]);
});

test('query and S3 services say AccessDenied with 403', async () => {
  const { iam } = await withRole();
  for (const action of ['cloudformation:DescribeStacks', 's3:GetObject'])
    expect(() => iam.authorizeRole(ROLE, action, ['*'])).toThrow(
      expect.objectContaining({ code: 'AccessDenied', status: 403 }),
    );
});

test('inline, attached, managed and AWS policies all speak for a role; removing one takes its right away', async () => {
  const { iam } = await withRole({
    ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
  });
  const may = (action: string) => {
    try {
      iam.authorizeRole(ROLE, action, ['*']);
      return true;
    } catch {
      return false;
    }
  };
  const inline = { PolicyName: 'Extra', Roles: ['deployer'], PolicyDocument: allow('ecs:RunTask') };
  await create(iam, 'AWS::IAM::Policy', 'Extra', inline);
  const managed = await create(iam, 'AWS::IAM::ManagedPolicy', 'Shared', {
    Roles: ['deployer'],
    PolicyDocument: allow('ecs:StopTask'),
  });
  expect(['logs:PutLogEvents', 'ecs:RunTask', 'ecs:StopTask', 'ecs:ListTasks'].map(may)).toEqual([
    true,
    true,
    true,
    false,
  ]);
  const policies = iam.resources?.['AWS::IAM::Policy'];
  const changed = { ...inline, PolicyDocument: allow('ecs:ListTasks') };
  await policies?.update({
    ...resourceRequest('AWS::IAM::Policy', 'Extra', changed),
    physicalId: 'Extra',
    previous: inline,
  });
  expect(['ecs:RunTask', 'ecs:ListTasks'].map(may)).toEqual([false, true]);
  await policies?.delete({ ...resourceRequest('AWS::IAM::Policy', 'Extra', changed), physicalId: 'Extra' });
  await iam.resources?.['AWS::IAM::ManagedPolicy']?.delete({
    ...resourceRequest('AWS::IAM::ManagedPolicy', 'Shared', {}),
    physicalId: managed.physicalId,
  });
  expect(['ecs:ListTasks', 'ecs:StopTask', 'logs:PutLogEvents'].map(may)).toEqual([false, false, true]);
});

test('a permissions boundary binds the role that names it', async () => {
  const world = testWorld();
  const iam = createIam(world);
  const { physicalId } = await create(iam, 'AWS::IAM::ManagedPolicy', 'Boundary', { PolicyDocument: allow('s3:*') });
  await create(iam, 'AWS::IAM::Role', 'Deployer', {
    RoleName: 'deployer',
    AssumeRolePolicyDocument: LAMBDA_TRUST,
    PermissionsBoundary: physicalId,
    Policies: [{ PolicyName: 'all', PolicyDocument: allow('*') }],
  });
  iam.authorizeRole(ROLE, 's3:GetObject', ['arn:aws:s3:::x/y']);
  expect(() => iam.authorizeRole(ROLE, 'iam:CreateRole', ['*'])).toThrow('because no permissions boundary allows');
});

test('a condition on iam:PassedToService is judged by what the caller passes the role to', async () => {
  const { iam } = await withRole({
    Policies: [
      {
        PolicyName: 'pass',
        PolicyDocument: {
          Statement: {
            Effect: 'Allow',
            Action: 'iam:PassRole',
            Resource: '*',
            Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
          },
        },
      },
    ],
  });
  iam.authorizeRole(ROLE, 'iam:PassRole', [ROLE], { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' });
  for (const context of [undefined, { 'iam:PassedToService': 'lambda.amazonaws.com' }])
    expect(() => iam.authorizeRole(ROLE, 'iam:PassRole', [ROLE], context)).toThrow('iam:PassRole');
});

test('a role that is gone may do nothing, and a managed policy that does not exist is named', async () => {
  const { iam } = await withRole({ Policies: [{ PolicyName: 'all', PolicyDocument: allow('*') }] });
  await iam.resources?.['AWS::IAM::Role']?.delete({
    ...resourceRequest('AWS::IAM::Role', 'Deployer', {}),
    physicalId: 'deployer',
  });
  expect(() => iam.authorizeRole(ROLE, 's3:GetObject', ['*'])).toThrow('no identity-based policy');
  await expect(withRole({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/Nope'] })).rejects.toThrow(
    'Policy arn:aws:iam::aws:policy/Nope does not exist or is not attachable',
  );
});

test('credentials name the same caller after a restart', async () => {
  const store = openStore();
  const before = (await withRole({}, testWorld({ store }))).iam.credentialsFor(ROLE, 'test');
  const iam = createIam(testWorld({ store }));
  expect(iam.callerOf(before.accessKeyId).roleArn).toBe(ROLE);
  expect(iam.credentialsFor(ROLE, 'test')).toEqual(before);
  const identity = await (await sts(iam, ROLE)).send(new GetCallerIdentityCommand({}));
  expect(identity.Arn).toBe('arn:aws:sts::111122223333:assumed-role/deployer/test');
  expect(identity.Account).toBe('111122223333');
});

test('AssumeRole gives working credentials to whom the trust policy names', async () => {
  const { iam } = await withRole({ AssumeRolePolicyDocument: trust({ AWS: 'arn:aws:iam::111122223333:root' }) });
  const client = await sts(iam);
  const answer = await client.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'deployment-1' }));
  expect(answer.AssumedRoleUser?.Arn).toBe('arn:aws:sts::111122223333:assumed-role/deployer/deployment-1');
  expect(answer.Credentials?.Expiration).toBeInstanceOf(Date);
  expect(iam.callerOf(answer.Credentials?.AccessKeyId ?? '').roleArn).toBe(ROLE);
});

test('an external id that is asked for must be given, and be the right one', async () => {
  const { iam } = await withRole({
    AssumeRolePolicyDocument: trust(
      { AWS: 'arn:aws:iam::111122223333:root' },
      { StringEquals: { 'sts:ExternalId': 'slipway' } },
    ),
  });
  const client = await sts(iam);
  const assume = (ExternalId?: string) =>
    client.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'x1', ...(ExternalId && { ExternalId }) }));
  await expect(assume()).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  await expect(assume('wrong')).rejects.toThrow(
    `User: arn:aws:iam::111122223333:root is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
  );
  await expect(assume('slipway')).resolves.toMatchObject({ AssumedRoleUser: {} });
});

test('a role trusted through its account also needs a policy of its own; a role trusted by name does not', async () => {
  const { iam } = await withRole();
  const make = (name: string, principal: string) =>
    create(iam, 'AWS::IAM::Role', name, { RoleName: name, AssumeRolePolicyDocument: trust({ AWS: principal }) });
  await make('by-account', '111122223333');
  await make('by-name', ROLE);
  const client = await sts(iam, ROLE);
  const assume = (name: string) =>
    client.send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::111122223333:role/${name}`, RoleSessionName: 'chain' }));
  await expect(assume('by-account')).rejects.toThrow('no identity-based policy allows the sts:AssumeRole action');
  await expect(assume('by-name')).resolves.toMatchObject({ AssumedRoleUser: {} });
  await expect(assume('deployer')).rejects.toThrow('is not authorized to perform: sts:AssumeRole');
  await expect(assume('missing')).rejects.toThrow('is not authorized to perform: sts:AssumeRole');
});

test('a service is told apart by the trust policy', async () => {
  const { iam } = await withRole();
  expect(iam.serviceMayAssume(ROLE, 'lambda.amazonaws.com')).toBe(true);
  expect(iam.serviceMayAssume(ROLE, 'ecs-tasks.amazonaws.com')).toBe(false);
  expect(iam.serviceMayAssume(`${ROLE}-missing`, 'lambda.amazonaws.com')).toBe(false);
});

test('IAM lists its roles and shows one, or says which is missing', async () => {
  const { iam } = await withRole();
  const front = await startedFront(iam, []);
  open.push(front);
  const call = async (query: string) =>
    (
      await fetch(front.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization:
            'AWS4-HMAC-SHA256 Credential=operator/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0',
        },
        body: `${query}&Version=2010-05-08`,
      })
    ).text();
  expect(await call('Action=ListRoles')).toContain(`<Roles><member><Path>/</Path><RoleName>deployer</RoleName>`);
  expect(await call('Action=GetRole&RoleName=deployer')).toContain(`<Arn>${ROLE}</Arn>`);
  expect(await call('Action=GetRole&RoleName=nobody')).toContain('<Code>NoSuchEntity</Code>');
});
