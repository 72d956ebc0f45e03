import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, test } from '@jest/globals';
import { checkAdminSecrets } from '../../../bin/doctor/check-admin-secrets.ts';
import { bootstrapCall } from '../../../bin/doctor/check-bootstrap.ts';
import { checkConcurrency } from '../../../bin/doctor/check-concurrency.ts';
import { checkCredentials } from '../../../bin/doctor/check-credentials.ts';
import { checkDeployRights } from '../../../bin/doctor/check-deploy-rights.ts';
import { checkExecutionRole } from '../../../bin/doctor/check-execution-role.ts';
import { checkNetwork } from '../../../bin/doctor/check-network.ts';
import { getStage } from '../../../infra/aws/get-stage.ts';
import type { ClusterSite, Stage } from '../../../infra/aws/stage.ts';
import { createIam } from '../../../infra/local/iam/iam.ts';
import { createSecrets } from '../../../infra/local/secrets/secrets.ts';
import { create, startedFront, testWorld } from '../../local/test-world.ts';
import { type Answer, answeringServer, settingsFor } from './answering-server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const ACCOUNT = '111122223333';
const stage: Stage = { ...getStage('example'), account: ACCOUNT, region: 'eu-central-1' };
const site = {
  ...(stage.clusters[0] as ClusterSite),
  account: ACCOUNT,
  taskExecutionRole: `arn:aws:iam::${ACCOUNT}:role/path/tasks`,
  adminSecrets: 'rds/',
  databaseAdmins: [],
  network: { vpcId: 'vpc-01', subnetIds: ['subnet-01', 'subnet-02'], securityGroupIds: ['sg-01'] },
};

/** The embedded IAM with the roles, and Secrets Manager beside it. */
const account = async (roles: Readonly<Record<string, object>> = {}) => {
  const world = testWorld();
  const iam = createIam(world);
  for (const [RoleName, AssumeRolePolicyDocument] of Object.entries(roles))
    await create(iam, 'AWS::IAM::Role', RoleName, { RoleName, AssumeRolePolicyDocument });
  const front = await startedFront(iam, [createSecrets(world)]);
  open.push(front);
  return settingsFor(front.url);
};

const trusting = (Principal: object) => ({ Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }] });
const anAccount = trusting({ AWS: `arn:aws:iam::${ACCOUNT}:root` });

const answering = async (answer: (request: { readonly body: string; readonly path: string }) => Answer) => {
  const server = await answeringServer(answer);
  open.push(server);
  return settingsFor(server.url);
};

describe('credentials', () => {
  test('of the account of the stage are right', async () => {
    const diagnosis = await checkCredentials(await account(), stage).run();
    expect(diagnosis).toEqual({ kind: 'ok', what: `arn:aws:iam::${ACCOUNT}:root, in account ${ACCOUNT}` });
  });

  test('of another account are not, and both are named', async () => {
    const diagnosis = await checkCredentials(await account(), { ...stage, account: '999999999999' }).run();
    expect(diagnosis).toEqual({
      kind: 'missing',
      what: `arn:aws:iam::${ACCOUNT}:root is of account ${ACCOUNT}; the stage is in 999999999999`,
      remedy: 'Sign in to account 999999999999',
    });
  });

  test('that AWS refuses are not either', async () => {
    const refused = `<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The token is expired</Message></Error></ErrorResponse>`;
    const diagnosis = await checkCredentials(await answering(() => ({ status: 403, body: refused })), stage).run();
    expect(diagnosis).toMatchObject({ kind: 'missing', what: expect.stringContaining('The token is expired') });
  });
});

describe('the right to deploy', () => {
  const role = (purpose: string) => `cdk-hnb659fds-${purpose}-role-${ACCOUNT}-eu-central-1`;

  test('is there when both roles of the bootstrap may be taken', async () => {
    const settings = await account({ [role('deploy')]: anAccount, [role('file-publishing')]: anAccount });
    expect(await checkDeployRights(settings, stage).run()).toMatchObject({ kind: 'ok' });
  });

  test('is missing with the role that may not', async () => {
    const settings = await account({ [role('deploy')]: anAccount });
    const diagnosis = await checkDeployRights(settings, stage).run();
    expect(diagnosis).toMatchObject({ kind: 'missing', what: expect.stringContaining(role('file-publishing')) });
    expect(diagnosis).toMatchObject({ what: expect.not.stringContaining(role('deploy')) });
  });
});

test('another account is bootstrapped with trust in the one that deploys', () => {
  const place = { account: '222222222222', region: 'eu-west-1' };
  expect(bootstrapCall(place, place.account)).toBe('npx cdk bootstrap aws://222222222222/eu-west-1');
  expect(bootstrapCall(place, ACCOUNT)).toBe(
    `npx cdk bootstrap aws://222222222222/eu-west-1 --trust ${ACCOUNT} --trust-for-lookup ${ACCOUNT} --cloudformation-execution-policies arn:aws:iam::aws:policy/AdministratorAccess`,
  );
});

describe('the task execution role', () => {
  test.each<[how: string, roles: Readonly<Record<string, object>>, diagnosis: object]>([
    ['that ECS may take is right', { tasks: trusting({ Service: 'ecs-tasks.amazonaws.com' }) }, { kind: 'ok' }],
    [
      'that ECS may not take is missing its trust',
      { tasks: anAccount },
      { kind: 'missing', what: 'ECS may not take tasks' },
    ],
    ['that is not there is missing', {}, { kind: 'missing', what: 'The role with name tasks cannot be found.' }],
  ])('%s', async (_, roles, diagnosis) => {
    expect(await checkExecutionRole(await account(roles), site).run()).toMatchObject(diagnosis);
  });
});

test('administrators of databases are there when a secret begins as the stage says', async () => {
  const settings = await account();
  expect(await checkAdminSecrets(settings, site).run()).toMatchObject({
    kind: 'missing',
    what: `No secret in ${ACCOUNT} eu-west-1 begins with rds/`,
  });
  await new SecretsManagerClient(settings).send(new CreateSecretCommand({ Name: 'rds/main', SecretString: 'x' }));
  expect(await checkAdminSecrets(settings, site).run()).toEqual({ kind: 'ok', what: 'rds/main' });
  const both = { ...site, databaseAdmins: ['db-ABC/o5admin'] };
  expect(await checkAdminSecrets(settings, both).run()).toEqual({
    kind: 'ok',
    what: 'rds/main, db-ABC/o5admin by IAM',
  });
  expect(await checkAdminSecrets(settings, { ...both, adminSecrets: 'other/' }).run()).toMatchObject({ kind: 'ok' });
});

describe('the quota of concurrent functions', () => {
  const lambda = (UnreservedConcurrentExecutions: number) =>
    answering(({ path }) => ({
      status: path === '/2016-08-19/account-settings' ? 200 : 404,
      body: JSON.stringify({ AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions } }),
    }));

  test('of a new account is too small for a burst of webhooks', async () => {
    expect(await checkConcurrency(await lambda(10), stage).run()).toMatchObject({
      kind: 'missing',
      what: expect.stringMatching(/^10 functions may run at once .* needs 50/),
      remedy: expect.stringContaining('L-B99A9384'),
    });
  });

  test('of an account that has been used is enough', async () => {
    expect(await checkConcurrency(await lambda(1000), stage).run()).toMatchObject({ kind: 'ok' });
  });
});

describe('the network', () => {
  const vpcs = (...ids: readonly string[]) => ids.map((id) => `<item><vpcId>${id}</vpcId></item>`).join('');
  const ec2 = (answers: Readonly<Record<string, Answer>>) =>
    answering(({ body }) => answers[new URLSearchParams(body).get('Action') ?? ''] ?? { status: 500, body: '' });
  const refused = (Code: string, Message: string): Answer => ({
    status: 400,
    body: `<Response><Errors><Error><Code>${Code}</Code><Message>${Message}</Message></Error></Errors></Response>`,
  });
  const fine = {
    DescribeSubnets: { status: 200, body: vpcs('vpc-01', 'vpc-01') },
    DescribeSecurityGroups: { status: 200, body: vpcs('vpc-01') },
  };

  test.each<[how: string, answers: Readonly<Record<string, Answer>>, diagnosis: object]>([
    ['is right when all is of the VPC', fine, { kind: 'ok', what: 'subnet-01, subnet-02, sg-01 of vpc-01' }],
    [
      'is wrong when a subnet is of another VPC',
      { ...fine, DescribeSubnets: { status: 200, body: vpcs('vpc-01', 'vpc-02') } },
      { kind: 'missing', what: expect.stringContaining('some are of vpc-02') },
    ],
    [
      'is missing what AWS does not know',
      {
        ...fine,
        DescribeSecurityGroups: refused('InvalidGroup.NotFound', "The security group 'sg-01' does not exist"),
      },
      { kind: 'missing', what: "The security group 'sg-01' does not exist" },
    ],
    [
      'is unknown to whoever may not look',
      { ...fine, DescribeSubnets: refused('UnauthorizedOperation', 'You are not authorized') },
      {
        kind: 'unknown',
        what: 'EC2 does not tell: You are not authorized',
        remedy: 'Allow yourself ec2:DescribeSubnets',
      },
    ],
  ])('%s', async (_, answers, diagnosis) => {
    expect(await checkNetwork(await ec2(answers), site).run()).toMatchObject(diagnosis);
  });

  test('asks for every id by its number', async () => {
    const asked: string[] = [];
    const settings = await answering(({ body }) => {
      asked.push(body);
      return { status: 200, body: vpcs('vpc-01') };
    });
    await checkNetwork(settings, site).run();
    expect(asked.sort()).toEqual([
      'Action=DescribeSecurityGroups&Version=2016-11-15&GroupId.1=sg-01',
      'Action=DescribeSubnets&Version=2016-11-15&SubnetId.1=subnet-01&SubnetId.2=subnet-02',
    ]);
  });
});
