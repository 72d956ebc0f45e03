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
import { afterEach, expect, test } from '@jest/globals';
import { create } from '../test-world.ts';
import { type EcsWorld, ecsWorld, script } from './ecs-world.ts';

const open: EcsWorld[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const ROLE = 'arn:aws:iam::111122223333:role/task';
const withRole = async (...statements: object[]) => {
  const given = await ecsWorld();
  open.push(given);
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
