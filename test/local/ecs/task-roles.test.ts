import { type ContainerDefinition, StopTaskCommand } from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromHttp } from '@aws-sdk/credential-providers';
import { expect, test } from '@jest/globals';
import { create, eventually, resourceRequest } from '../test-world.ts';
import { script } from './ecs-world.ts';
import { ecsWorlds } from './ecs-worlds.ts';

const withEcs = ecsWorlds();

const trusting = (Service: string) => ({
  RoleName: 'migrator',
  AssumeRolePolicyDocument: {
    Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } },
  },
});

/** A world with a role that tasks may take, and tasks that tell their environment and wait. */
const withRole = async () => {
  const world = await withEcs({ judgesRoles: true });
  const { iam, run, lines } = world;
  const role = await create(iam, 'AWS::IAM::Role', 'Role', trusting('ecs-tasks.amazonaws.com'));
  const roleArn = String(role.attributes['Arn']);
  const telling = async (definition: object = {}, more: Partial<ContainerDefinition> = {}, overrides: object = {}) => {
    const says = script('console.log(JSON.stringify(process.env)); setInterval(() => {}, 1000)');
    const logConfiguration = { logDriver: 'awslogs' as const, options: { 'awslogs-group': 'shop' } };
    const arn = await run([{ ...says, logConfiguration, ...more }], { overrides }, definition);
    const id = arn.slice(arn.lastIndexOf('/') + 1);
    const said = await eventually('it tells', () => lines[`shop main/${id}`]?.[0]);
    const environment: Record<string, string> = JSON.parse(said);
    const { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri = '', AWS_CONTAINER_AUTHORIZATION_TOKEN: token = '' } = environment;
    return { arn, id, environment, uri, token };
  };
  return { ...world, roleArn, telling };
};

const asked = async (uri: string, authorization?: string) => {
  const response = await fetch(uri, { headers: authorization === undefined ? {} : { authorization } });
  const body: Readonly<Record<string, string>> = JSON.parse(await response.text());
  return { status: response.status, body };
};

test('containers of a task get credentials of its role, in the way that the SDKs look for them', async () => {
  const { telling, roleArn, front } = await withRole();
  const { uri, token, id, environment } = await telling({ taskRoleArn: roleArn });
  expect(uri).toBe(`${front.url}/task-credentials/${id}`);
  expect(environment).not.toHaveProperty('AWS_ENDPOINT_URL');
  const { status, body } = await asked(uri, token);
  expect(status).toBe(200);
  expect(body).toEqual({
    RoleArn: roleArn,
    AccessKeyId: expect.stringMatching(/^ASIA/),
    SecretAccessKey: expect.any(String),
    Token: expect.any(String),
    Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  });
  expect(Date.parse(body['Expiration'] ?? '')).toBeGreaterThan(Date.now());
  const provider = fromHttp({ awsContainerCredentialsFullUri: uri, awsContainerAuthorizationToken: token });
  const sts = new STSClient({ endpoint: front.url, region: 'eu-central-1', credentials: provider });
  expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(
    `arn:aws:sts::111122223333:assumed-role/migrator/${id}`,
  );
  sts.destroy();
});

test('credentials go to nobody without the token of that task, and to nobody after its end', async () => {
  const { telling, roleArn, client, reached } = await withRole();
  const one = await telling({ taskRoleArn: roleArn });
  const other = await telling({ taskRoleArn: roleArn });
  expect(one.token).not.toBe(other.token);
  const refused = { status: 403, body: { code: 'AccessDeniedException', message: expect.any(String) } };
  expect(await asked(one.uri)).toEqual(refused);
  expect(await asked(one.uri, other.token)).toEqual(refused);
  expect(await asked(one.uri, one.token.slice(0, -1))).toEqual(refused);
  expect(await asked(`${one.uri}0`, one.token)).toEqual(refused);
  await client.send(new StopTaskCommand({ cluster: 'main', task: one.arn }));
  await reached(one.arn, 'STOPPED');
  expect(await asked(one.uri, one.token)).toEqual(refused);
  expect((await asked(other.uri, other.token)).status).toBe(200);
});

test('a task without a role has no credentials; an override gives it one', async () => {
  const { telling, roleArn } = await withRole();
  const without = await telling();
  expect(Object.keys(without.environment).filter((name) => name.startsWith('AWS_CONTAINER'))).toEqual([]);
  const overridden = await telling({}, {}, { taskRoleArn: roleArn });
  expect((await asked(overridden.uri, overridden.token)).body).toMatchObject({ RoleArn: roleArn });
});

test('what a definition says of these variables does not count', async () => {
  const { telling, roleArn } = await withRole();
  const environment = [{ name: 'AWS_CONTAINER_AUTHORIZATION_TOKEN', value: 'mine' }];
  const { uri, token } = await telling({ taskRoleArn: roleArn }, { environment });
  expect(token).not.toBe('mine');
  expect((await asked(uri, token)).status).toBe(200);
});

test('a role that tasks may not take any more gives nothing', async () => {
  const { telling, roleArn, iam } = await withRole();
  const { uri, token } = await telling({ taskRoleArn: roleArn });
  const request = resourceRequest('AWS::IAM::Role', 'Role', trusting('lambda.amazonaws.com'));
  const previous = trusting('ecs-tasks.amazonaws.com');
  await iam.resources?.['AWS::IAM::Role']?.update({ ...request, physicalId: 'migrator', previous });
  expect(await asked(uri, token)).toMatchObject({ status: 400, body: { message: expect.stringContaining(roleArn) } });
});

test('nothing else is answered to those who do not sign', async () => {
  const { front, telling, roleArn } = await withRole();
  const { uri, token } = await telling({ taskRoleArn: roleArn });
  for (const [path, method] of [
    ['/', 'GET'],
    ['//', 'GET'],
    [new URL(uri).pathname, 'POST'],
  ] as const) {
    const response = await fetch(`${front.url}${path}`, { method, headers: { authorization: token } });
    expect([response.status, await response.text()]).toEqual([400, 'no service for the scope (unsigned request)']);
  }
});
