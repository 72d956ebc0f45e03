import {
  DescribeClustersCommand,
  ECSClient,
  ListTagsForResourceCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import { create } from '../test-world.ts';
import { script } from './ecs-world.ts';
import { ecsWorlds } from './ecs-worlds.ts';

const withEcs = ecsWorlds();

const ROLE = 'arn:aws:iam::111122223333:role/task';
const withRole = async (...statements: object[]) => {
  const given = await withEcs();
  const role = await create(given.iam, 'AWS::IAM::Role', 'Deployer', {
    AssumeRolePolicyDocument: { Statement: [] },
    Policies: [{ PolicyName: 'own', PolicyDocument: { Statement: statements } }],
  });
  const deployer = new ECSClient(given.front.as(String(role.attributes['Arn'])));
  const taskDefinition = await given.register([script('')], { taskRoleArn: ROLE });
  return { ...given, deployer, taskDefinition };
};
const allow = (Action: string, Resource: string, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition ? { Condition } : {}),
});
const trusting = (Service: string) => ({
  Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } },
});
const DEFINITION = 'arn:aws:ecs:eu-central-1:111122223333:task-definition/shop:*';
const CLUSTER = 'arn:aws:ecs:eu-central-1:111122223333:cluster/main';

test('running a task needs the right to its definition and the right to pass its role', async () => {
  const without = await withRole(allow('ecs:RunTask', DEFINITION));
  const command = new RunTaskCommand({ cluster: 'main', taskDefinition: 'shop' });
  await expect(without.deployer.send(command)).rejects.toThrow(
    `is not authorized to perform: iam:PassRole on resource: ${ROLE}`,
  );
  const passes = { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } };
  const both = await withRole(
    allow('ecs:RunTask', DEFINITION, { ArnEquals: { 'ecs:cluster': CLUSTER } }),
    allow('iam:PassRole', ROLE, passes),
  );
  const { tasks = [] } = await both.deployer.send(command);
  expect((await both.reached(tasks[0]?.taskArn ?? '', 'STOPPED')).containers?.[0]?.exitCode).toBe(0);
  const { taskDefinition } = both;
  await expect(both.deployer.send(new RunTaskCommand({ cluster: 'other', taskDefinition }))).rejects.toThrow(
    'ecs:RunTask',
  );
});

test('a task that is tagged as it is run needs the right to tag tasks', async () => {
  const runs = [allow('ecs:RunTask', DEFINITION), allow('iam:PassRole', ROLE)];
  const command = new RunTaskCommand({ cluster: 'main', taskDefinition: 'shop', tags: [{ key: 'fence', value: '1' }] });
  const without = await withRole(...runs);
  await expect(without.deployer.send(command)).rejects.toThrow(
    'is not authorized to perform: ecs:TagResource on resource: arn:aws:ecs:eu-central-1:111122223333:task/main/*',
  );
  const both = await withRole(...runs, allow('ecs:TagResource', 'arn:aws:ecs:eu-central-1:111122223333:task/*'));
  expect((await both.deployer.send(command)).tasks).toHaveLength(1);
});

test('secrets of a container are pulled under the execution role of its task, and refused in the words of AWS', async () => {
  const given = await withEcs({ judgesRoles: true });
  const secret = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:/dev/db-AbCdEf';
  given.secrets[secret] = 'open sesame';
  const roleOf = async (name: string, ...Statement: object[]) => {
    const Policies = [{ PolicyName: 'own', PolicyDocument: { Statement } }];
    const properties = { RoleName: name, AssumeRolePolicyDocument: trusting('ecs-tasks.amazonaws.com'), Policies };
    return String((await create(given.iam, 'AWS::IAM::Role', name, properties)).attributes['Arn']);
  };
  const ended = async (executionRoleArn?: string) => {
    const secrets = [{ name: 'X', valueFrom: secret }];
    const command = ['node', '-e', 'process.exit(process.env.X === "open sesame" ? 7 : 1)'];
    const taskDefinition = await given.register([{ command, secrets }], executionRoleArn ? { executionRoleArn } : {});
    const { tasks } = await given.client.send(new RunTaskCommand({ cluster: 'main', taskDefinition }));
    return given.reached(tasks?.[0]?.taskArn ?? '', 'STOPPED');
  };
  const may = await roleOf('may', allow('secretsmanager:GetSecretValue', secret));
  const mayNot = await roleOf('may-not', allow('secretsmanager:GetSecretValue', `${secret}-other`));
  expect((await ended(may)).containers?.[0]?.exitCode).toBe(7);
  expect((await ended(mayNot)).stoppedReason).toMatch(
    /unable to pull secrets .*AccessDeniedException: User: .*:assumed-role\/may-not\/\w+ is not authorized to perform: secretsmanager:GetSecretValue on resource: .* because no identity-based policy allows/,
  );
  expect((await ended()).stoppedReason).toContain('names no execution role');
});

test('a role that tasks cannot take is refused when a task is to run under it', async () => {
  const given = await withEcs({ judgesRoles: true });
  const properties = { RoleName: 'lambda-only', AssumeRolePolicyDocument: trusting('lambda.amazonaws.com') };
  const role = String((await create(given.iam, 'AWS::IAM::Role', 'Role', properties)).attributes['Arn']);
  const run = async (more: object, overrides: object = {}) => {
    const taskDefinition = await given.register([script('')], more);
    return given.client.send(new RunTaskCommand({ cluster: 'main', taskDefinition, overrides }));
  };
  const words = `ECS was unable to assume the role '${role}' that was provided for this task.`;
  await expect(run({ taskRoleArn: role })).rejects.toMatchObject({
    name: 'ClientException',
    message: expect.stringContaining(words),
  });
  await expect(run({ executionRoleArn: role })).rejects.toThrow(words);
  await expect(run({}, { taskRoleArn: role })).rejects.toThrow(words);
  await expect(run({ taskRoleArn: ROLE })).rejects.toThrow(`the role '${ROLE}'`);
  await run({});
});

test('registering a definition needs the right to pass its roles', async () => {
  const { deployer } = await withRole(allow('ecs:RegisterTaskDefinition', '*'));
  const containerDefinitions = [{ name: 'main', image: 'a' }];
  const register = (more: object) =>
    deployer.send(new RegisterTaskDefinitionCommand({ family: 'other', containerDefinitions, ...more }));
  expect((await register({})).taskDefinition?.revision).toBe(1);
  await expect(register({ executionRoleArn: ROLE })).rejects.toThrow('iam:PassRole');
});

test('definitions are checked when they are registered, and listed by family', async () => {
  const { register, client } = await withRole();
  await expect(register([{ name: 'a' }, { name: 'a' }])).rejects.toThrow('must be unique');
  await expect(register([{ essential: false }])).rejects.toThrow('must be essential');
  await expect(register([])).rejects.toThrow('Container list cannot be empty.');
  await expect(register([{}], { family: 'no good' })).rejects.toThrow("not 'no good'");
  await register([{}]);
  const list = new ListTaskDefinitionsCommand({ familyPrefix: 'shop', sort: 'DESC' });
  const { taskDefinitionArns } = await client.send(list);
  expect(taskDefinitionArns?.map((arn) => arn.split(':').at(-1))).toEqual(['2', '1']);
});

test('clusters are described with their counts, and everything can carry tags', async () => {
  const { client, taskDefinition } = await withRole();
  const { clusters, failures } = await client.send(new DescribeClustersCommand({ clusters: ['main', 'none'] }));
  expect(clusters).toMatchObject([{ clusterArn: CLUSTER, status: 'ACTIVE', runningTasksCount: 0 }]);
  expect(failures).toMatchObject([{ reason: 'MISSING' }]);
  for (const resourceArn of [CLUSTER, taskDefinition]) {
    await client.send(
      new TagResourceCommand({
        resourceArn,
        tags: [
          { key: 'a', value: '1' },
          { key: 'b', value: '2' },
        ],
      }),
    );
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
    const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual([{ key: 'b', value: '2' }]);
  }
  await expect(client.send(new ListTagsForResourceCommand({ resourceArn: `${CLUSTER}0` }))).rejects.toThrow(
    'was not found',
  );
});
