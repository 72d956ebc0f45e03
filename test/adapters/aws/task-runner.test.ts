import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { ecsTaskRunner } from '../../../functions/adapters/aws/task-runner.ts';
import type { EcsTask, TaskRequest, TaskRunner } from '../../../functions/ports.ts';
import { type EcsWorld, ecsWorld } from '../../local/ecs/ecs-world.ts';

let world: EcsWorld;
let tasks: TaskRunner;
const logTail = async () => ['the end'];
beforeAll(async () => {
  world = await ecsWorld();
  tasks = ecsTaskRunner(world.client, 'main', logTail);
  world.secrets[`${SECRET}:dburl`] = 'postgres://secret';
});
afterAll(() => world.close());

const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:db-AbCdEf';
const PRINTS = 'console.log(process.env.DATABASE_URL, process.env.STAGE)';
const request = (token: string, more: Partial<TaskRequest['taskDefinition']> = {}): TaskRequest => ({
  token,
  tags: { 'slipway-deployment': 'd-1', 'slipway-fence': '3' },
  taskDefinition: {
    family: 'prod-shop-migrate-main',
    container: 'migrate',
    image: world.image,
    command: ['node', '--input-type=module', '--eval', PRINTS],
    cpu: 64,
    memory: 128,
    environment: { STAGE: 'prod' },
    secrets: { DATABASE_URL: `${SECRET}:dburl::` },
    executionRoleArn: 'arn:aws:iam::111122223333:role/migrate',
    logGroup: 'ecs/prod/shop/migrate',
    region: 'eu-central-1',
    ...more,
  },
});
const stopped = async (token: string): Promise<EcsTask> => {
  let [task] = await tasks.startedBy(token);
  while (!task?.stopped) [task] = await tasks.startedBy(token);
  return task;
};
const startedArn = async (token: string, more = {}): Promise<string> => {
  const started = await tasks.run(request(token, more));
  return started.kind === 'started' ? started.taskArn : `refused: ${started.reasons}`;
};
const forever = { command: ['node', '--eval', 'setInterval(() => {}, 1000)'] };

test('a task runs with its variables, secrets, tags and log, and tells its exit code', async () => {
  const arn = await startedArn('t-run');
  expect(await stopped('t-run')).toEqual({
    arn,
    family: 'prod-shop-migrate-main',
    stoppedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    stopped: true,
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ name: 'migrate', exitCode: 0 }],
  });
  const taskId = arn.split('/').at(-1);
  expect(world.lines[`ecs/prod/shop/migrate migrate/migrate/${taskId}`]).toEqual(['postgres://secret prod']);
  expect((await world.describe(arn)).tags).toEqual([
    { key: 'slipway-deployment', value: 'd-1' },
    { key: 'slipway-fence', value: '3' },
  ]);
});

test('a task on Fargate has an interface in its subnets and a size as a whole', async () => {
  const fargate = { cpu: 256, memory: 512, subnets: ['subnet-1'], securityGroups: ['sg-clients'] };
  const client = mockClient(ECSClient);
  client.on(RegisterTaskDefinitionCommand).resolves({ taskDefinition: { taskDefinitionArn: 'arn:definition' } });
  client.on(RunTaskCommand).resolves({ tasks: [{ taskArn: 'arn:task' }] });
  try {
    const runner = ecsTaskRunner(new ECSClient({}), 'main', logTail);
    expect(await runner.run(request('t-fargate', { fargate }))).toEqual({ kind: 'started', taskArn: 'arn:task' });
    expect(client.commandCalls(RegisterTaskDefinitionCommand)[0]?.args[0].input).toMatchObject({
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ cpu: 64, memory: 128 }],
    });
    expect(client.commandCalls(RunTaskCommand)[0]?.args[0].input).toMatchObject({
      launchType: 'FARGATE',
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-clients'] },
      },
    });
  } finally {
    client.restore();
  }
});

const beside = {
  name: 'o5_runtime',
  image: 'ghcr.io/acme/sidecar:v1',
  cpu: 32,
  memory: 64,
  environment: { POSTGRES_IAM_PROXY: 'MAIN' },
  folder: '/sockets',
};

test('a container beside the own one is started first, shares a folder, has a log of its own, and ends with the task', async () => {
  const url = 'postgres://main@/main?host=/sockets/postgres';
  const arn = await startedArn('t-beside', {
    taskRoleArn: 'arn:aws:iam::111122223333:role/migrator',
    beside,
    environment: { STAGE: url },
  });
  expect(await stopped('t-beside')).toMatchObject({
    stopCode: 'EssentialContainerExited',
    containers: [
      { name: 'migrate', exitCode: 0 },
      { name: 'o5_runtime', exitCode: 0 },
    ],
  });
  const taskId = arn.split('/').at(-1);
  const [told] = world.lines[`ecs/prod/shop/migrate migrate/migrate/${taskId}`] ?? [];
  expect(told).toMatch(/^postgres:\/\/secret postgres:\/\/main@\/main\?host=\/.+\/0\/postgres$/);
  expect(world.lines[`ecs/prod/shop/migrate o5_runtime/o5_runtime/${taskId}`]?.join()).toContain('stand-in for');

  const { taskDefinitionArn } = await world.describe(arn);
  const described = new DescribeTaskDefinitionCommand({ taskDefinition: taskDefinitionArn });
  const { taskDefinition } = await world.client.send(described);
  const mountPoints = [{ sourceVolume: 'sockets', containerPath: '/sockets' }];
  expect(taskDefinition).toMatchObject({
    taskRoleArn: 'arn:aws:iam::111122223333:role/migrator',
    volumes: [{ name: 'sockets' }],
    containerDefinitions: [
      {
        name: 'migrate',
        essential: true,
        mountPoints,
        dependsOn: [{ containerName: 'o5_runtime', condition: 'START' }],
      },
      {
        name: 'o5_runtime',
        image: 'ghcr.io/acme/sidecar:v1',
        cpu: 32,
        memory: 64,
        essential: false,
        mountPoints,
        environment: [{ name: 'POSTGRES_IAM_PROXY', value: 'MAIN' }],
        logConfiguration: { options: { 'awslogs-stream-prefix': 'o5_runtime' } },
      },
    ],
  });
});

test('without a container beside it and a role, a definition says nothing of volumes, roles and others', async () => {
  const client = mockClient(ECSClient);
  client.on(RegisterTaskDefinitionCommand).resolves({ taskDefinition: { taskDefinitionArn: 'arn:definition' } });
  client.on(RunTaskCommand).resolves({ tasks: [{ taskArn: 'arn:task' }] });
  try {
    await ecsTaskRunner(new ECSClient({}), 'main', logTail).run(request('t-alone'));
    expect(client.commandCalls(RegisterTaskDefinitionCommand)[0]?.args[0].input).toEqual({
      family: 'prod-shop-migrate-main',
      networkMode: 'bridge',
      requiresCompatibilities: ['EC2'],
      executionRoleArn: 'arn:aws:iam::111122223333:role/migrate',
      containerDefinitions: [
        {
          name: 'migrate',
          image: world.image,
          command: ['node', '--input-type=module', '--eval', PRINTS],
          cpu: 64,
          memory: 128,
          essential: true,
          environment: [{ name: 'STAGE', value: 'prod' }],
          secrets: [{ name: 'DATABASE_URL', valueFrom: `${SECRET}:dburl::` }],
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': 'ecs/prod/shop/migrate',
              'awslogs-create-group': 'true',
              'awslogs-region': 'eu-central-1',
              'awslogs-stream-prefix': 'migrate',
            },
          },
        },
      ],
    });
  } finally {
    client.restore();
  }
});

test('a task that is sent to Fargate runs there', async () => {
  const fargate = { cpu: 256, memory: 512, subnets: ['subnet-1'], securityGroups: ['sg-clients'] };
  const arn = await startedArn('t-on-fargate', { fargate });
  expect(await stopped('t-on-fargate')).toMatchObject({ containers: [{ name: 'migrate', exitCode: 0 }] });
  expect(await world.describe(arn)).toMatchObject({ launchType: 'FARGATE' });
});

test('the same token again starts nothing: it names the task that runs', async () => {
  const first = await startedArn('t-twice', forever);
  expect(await startedArn('t-twice', forever)).toBe(first);
  expect(await tasks.startedBy('t-twice')).toMatchObject([
    { arn: first, stopped: false, containers: [{ name: 'migrate' }] },
  ]);
  await tasks.stop(first, 'enough');
  await stopped('t-twice');
  expect(await startedArn('t-twice', forever)).toBe(first);
});

test('a task that somebody stops says who and why', async () => {
  const arn = await startedArn('t-stop', forever);
  await tasks.stop(arn, 'The migration ran past its deadline');
  await tasks.stop(arn, 'again');
  expect(await stopped('t-stop')).toMatchObject({
    stopCode: 'UserInitiated',
    stoppedReason: 'The migration ran past its deadline',
  });
});

test('an image that cannot be pulled is the reason of the container', async () => {
  await startedArn('t-image', { image: 'nowhere.example/none:1' });
  const task = await stopped('t-image');
  expect(task.stopCode).toBe('TaskFailedToStart');
  expect(`${task.stoppedReason} ${task.containers[0]?.reason}`).toContain('CannotPullContainerError');
  expect(task.containers[0]).not.toHaveProperty('exitCode');
});

test('F10: a cluster without capacity refuses, with its reason, and takes the same token later', async () => {
  world.ecs.faults.refuseCapacity('RESOURCE:MEMORY');
  expect(await tasks.run(request('t-full'))).toEqual({ kind: 'refused', reasons: ['RESOURCE:MEMORY'] });
  expect(await tasks.startedBy('t-full')).toEqual([]);
  world.ecs.faults.allowCapacity();
  expect(await startedArn('t-full')).toContain(':task/main/');
  await stopped('t-full');
});

test('a fault of ECS is thrown by its own name', async () => {
  const elsewhere = ecsTaskRunner(world.client, 'nowhere', logTail);
  await expect(elsewhere.run(request('t-none'))).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
  await expect(elsewhere.startedBy('t-none')).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
});

test('a container without a command of its own runs that of its image', async () => {
  const { command: _, ...definition } = request('t-own').taskDefinition;
  const started = await tasks.run({ ...request('t-own'), taskDefinition: definition });
  if (started.kind === 'refused') throw new Error(started.reasons.join());
  const { taskDefinitionArn } = await world.describe(started.taskArn);
  const { taskDefinition } = await world.client.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: taskDefinitionArn }),
  );
  expect(taskDefinition?.containerDefinitions?.[0]).not.toHaveProperty('command');
  await tasks.stop(started.taskArn, 'enough');
  await stopped('t-own');
});

test('the log comes from the reader that was handed in', async () => {
  const place = { container: 'migrate', logGroup: 'g', region: 'r' };
  expect(await tasks.logTail(place, 'arn', 5)).toEqual(['the end']);
});

const service = async (name: string, desiredCount: number) => {
  const taskDefinition = await world.register([{ portMappings: [{ containerPort: 8080 }] }]);
  const made = await world.client.send(
    new CreateServiceCommand({ cluster: 'main', serviceName: name, taskDefinition, desiredCount }),
  );
  const arn = made.service?.serviceArn ?? '';
  const look = async () =>
    (await world.client.send(new DescribeServicesCommand({ cluster: 'main', services: [arn] }))).services?.[0];
  const settled = async () => {
    while (!(await tasks.steady([arn])) || (await tasks.leaving([arn])).length > 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const update = (more: object) =>
    world.client.send(new UpdateServiceCommand({ cluster: 'main', service: arn, ...more }));
  return { arn, look, settled, update, taskDefinition };
};

test('services tell their counts, whether they are steady, and which tasks have to go', async () => {
  const shop = await service('shop', 2);
  expect(await tasks.steady([shop.arn])).toBe(false);
  await shop.settled();
  expect(await tasks.desiredCounts([shop.arn])).toEqual({ [shop.arn]: 2 });
  expect(await tasks.leaving([shop.arn])).toEqual([]);

  const taskDefinition = await world.register([{ portMappings: [{ containerPort: 8080 }] }]);
  await shop.update({ taskDefinition });
  expect(await tasks.steady([shop.arn])).toBe(false);
  expect(await tasks.leaving([shop.arn])).toHaveLength(2);
  await shop.settled();
  expect((await shop.look())?.taskDefinition).toBe(taskDefinition);

  await shop.update({ desiredCount: 1 });
  await shop.settled();
  expect(await tasks.desiredCounts([shop.arn])).toEqual({ [shop.arn]: 1 });

  await shop.update({ desiredCount: 0 });
  await shop.settled();
  expect(await tasks.leaving([shop.arn])).toEqual([]);
  expect(await tasks.desiredCounts([shop.arn])).toEqual({ [shop.arn]: 0 });

  await world.client.send(new DeleteServiceCommand({ cluster: 'main', service: shop.arn, force: true }));
  expect(await tasks.steady([shop.arn])).toBe(false);
});

test('a restart brings new tasks of the same version under another rollout, and the old ones go', async () => {
  const shop = await service('turned', 2);
  await shop.settled();
  const [before, ...others] = await tasks.rollouts([shop.arn]);
  expect(others).toEqual([]);
  expect(before).toMatchObject({ serviceArn: shop.arn, primary: true, failed: false });
  const old = await tasks.startedBy(before?.id ?? '');
  expect(old.map(({ stopped }) => stopped)).toEqual([false, false]);

  await tasks.restart(shop.arn);
  const rolling = await tasks.rollouts([shop.arn]);
  expect(rolling.map(({ id, primary }) => [id === before?.id, primary])).toEqual([
    [false, true],
    [true, false],
  ]);
  while ((await tasks.startedBy(before?.id ?? '')).some((task) => !task.stopped))
    await new Promise((resolve) => setTimeout(resolve, 20));
  await shop.settled();
  const [after] = await tasks.rollouts([shop.arn]);
  expect(after?.id).toBe(rolling[0]?.id);
  expect((await shop.look())?.taskDefinition).toBe(shop.taskDefinition);
  expect(await tasks.startedBy(after?.id ?? '')).toHaveLength(2);
  await shop.update({ desiredCount: 0 });
  await shop.settled();
});

test('a rollout that ECS gave up on says so, and so does the one that takes it back', async () => {
  const client = new ECSClient({ region: 'eu-central-1' });
  const mock = mockClient(client);
  mock.on(DescribeServicesCommand).resolves({
    services: [
      {
        serviceArn: 'shop',
        deployments: [
          {
            id: 'ecs-svc/3',
            status: 'PRIMARY',
            rolloutState: 'IN_PROGRESS',
            rolloutStateReason: 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.',
          },
          { id: 'ecs-svc/2', status: 'ACTIVE', rolloutState: 'FAILED' },
          { id: 'ecs-svc/1', status: 'ACTIVE', rolloutState: 'COMPLETED' },
        ],
      },
    ],
  });
  expect(await ecsTaskRunner(client, 'main', logTail).rollouts(['shop'])).toEqual([
    { serviceArn: 'shop', id: 'ecs-svc/3', primary: true, failed: true },
    { serviceArn: 'shop', id: 'ecs-svc/2', primary: false, failed: true },
    { serviceArn: 'shop', id: 'ecs-svc/1', primary: false, failed: false },
  ]);
  mock.restore();
});

test('a service that is not there is not steady; of no service at all nothing is asked', async () => {
  expect(await tasks.steady(['arn:aws:ecs:eu-central-1:111122223333:service/main/none'])).toBe(false);
  expect(await tasks.steady([])).toBe(true);
  expect(await tasks.leaving([])).toEqual([]);
  expect(await tasks.desiredCounts([])).toEqual({});
});

test('tasks and services are listed page by page, and described as many at once as ECS takes', async () => {
  const client = new ECSClient({ region: 'eu-central-1' });
  const mock = mockClient(client);
  const arns = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `task/${from + index}`);
  mock.on(ListTasksCommand, { desiredStatus: 'STOPPED' }).resolves({ taskArns: ['task/149'] });
  mock
    .on(ListTasksCommand, { desiredStatus: 'RUNNING' })
    .callsFake(({ nextToken }: { nextToken?: string }) =>
      nextToken ? { taskArns: arns(100, 150) } : { taskArns: arns(0, 100), nextToken: 'more' },
    );
  mock
    .on(DescribeTasksCommand)
    .callsFake(({ tasks = [] }: { tasks?: string[] }) => ({ tasks: tasks.map((taskArn) => ({ taskArn })) }));
  mock.on(DescribeServicesCommand).callsFake(({ services = [] }: { services?: string[] }) => ({
    services: services.map((serviceArn) => ({ serviceArn, desiredCount: 1 })),
  }));
  const runner = ecsTaskRunner(client, 'main', logTail);
  expect((await runner.startedBy('t-1')).map(({ arn }) => arn)).toEqual(arns(0, 150));
  expect(Object.keys(await runner.desiredCounts(arns(0, 23)))).toHaveLength(23);
  const sizes = (calls: { args: { input: { tasks?: string[]; services?: string[] } }[] }[]) =>
    calls.map(({ args }) => (args[0]?.input.tasks ?? args[0]?.input.services ?? []).length);
  expect(sizes(mock.commandCalls(DescribeTasksCommand) as never)).toEqual([100, 50]);
  expect(sizes(mock.commandCalls(DescribeServicesCommand) as never)).toEqual([10, 10, 3]);
  mock.restore();
});
