import {
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  ListServicesCommand,
  ListTasksCommand,
  type Service,
  ServiceNotFoundException,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import { create, eventually } from '../test-world.ts';
import { script } from './ecs-world.ts';
import { ecsWorlds } from './ecs-worlds.ts';

const withEcs = ecsWorlds();

const elb = (kind: string) => `AWS::ElasticLoadBalancingV2::${kind}`;

const withServices = async () => {
  const given = await withEcs();
  const { client, balancer, world } = given;
  const make = (kind: string, properties: object) =>
    create(balancer, elb(kind), kind, { ...properties }).then(({ physicalId }) => physicalId);
  const loadBalancerArn = await make('LoadBalancer', { Name: 'shop' });
  const targetGroupArn = await make('TargetGroup', { Name: 'shop', Port: 80, HealthCheckPath: '/healthz' });
  const listenerArn = await make('Listener', {
    LoadBalancerArn: loadBalancerArn,
    Port: 80,
    DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
  });
  const loadBalancers = [{ targetGroupArn, containerName: 'main', containerPort: 8080 }];
  const version = (value: string, more: object = {}) => given.register([server(value, more)]);
  const createService = (taskDefinition: string, more: Partial<CreateServiceCommandInput> = {}) =>
    client.send(
      new CreateServiceCommand({ cluster: 'main', serviceName: 'shop', taskDefinition, desiredCount: 1, ...more }),
    );
  const update = (more: object) => client.send(new UpdateServiceCommand({ cluster: 'main', service: 'shop', ...more }));
  const describe = async (): Promise<Service> => {
    const { services } = await client.send(new DescribeServicesCommand({ cluster: 'main', services: ['shop'] }));
    return services?.[0] ?? {};
  };
  const emittedNames = () =>
    world.emitted
      .filter((event) => ['ECS Deployment State Change', 'ECS Service Action'].includes(event['detail-type']))
      .map(({ detail }) => (detail as { eventName: string }).eventName);
  /** Waits until so many events of that name have come, then looks. */
  const after = async (name: string, count = 1): Promise<Service> => {
    await eventually(`${count} ${name}`, () => emittedNames().filter((one) => one === name).length >= count);
    return describe();
  };
  const listed = async (desiredStatus: 'RUNNING' | 'STOPPED') => {
    const asked = new ListTasksCommand({ cluster: 'main', serviceName: 'shop', desiredStatus });
    return (await client.send(asked)).taskArns ?? [];
  };
  const url = balancer.listenerUrl(listenerArn) ?? '';
  return {
    ...given,
    url,
    targetGroupArn,
    loadBalancers,
    version,
    createService,
    update,
    describeService: describe,
    emittedNames,
    after,
    listed,
  };
};

const server = (value: string, more: object = {}) => ({
  environment: [{ name: 'VERSION', value }],
  portMappings: [{ containerPort: 8080 }],
  ...more,
});
// Quick to start: what runs for half a second counts as serving.
const crashing = { command: ['sh', '-c', 'exit 1'] };
const breaker = (rollback: boolean) => ({
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } },
});

test('a service behind a load balancer becomes steady once its tasks are healthy, and says so', async () => {
  const { createService, version, loadBalancers, after, emittedNames, url, client } = await withServices();
  await createService(await version('one'), { desiredCount: 2, loadBalancers });
  const service = await after('SERVICE_STEADY_STATE');
  expect(service).toMatchObject({
    status: 'ACTIVE',
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 2, failedTasks: 0 }],
  });
  expect(service.deployments?.[0]?.id).toMatch(/^ecs-svc\/\d{19}$/);
  expect(service.events?.[0]?.message).toBe('(service shop) has reached a steady state.');
  expect(emittedNames()).toEqual([
    'SERVICE_DEPLOYMENT_IN_PROGRESS',
    'SERVICE_DEPLOYMENT_COMPLETED',
    'SERVICE_STEADY_STATE',
  ]);
  expect(await (await fetch(url)).text()).toBe('one');
  const { serviceArns } = await client.send(new ListServicesCommand({ cluster: 'main' }));
  expect(serviceArns).toEqual([service.serviceArn]);
});

test('a rolling update drops no request', async () => {
  const { createService, update, version, loadBalancers, after, url, listed, reached, describe } = await withServices();
  await createService(await version('one'), { desiredCount: 2, loadBalancers });
  await after('SERVICE_STEADY_STATE');
  const answers: string[] = [];
  let probing = true;
  const probe = async (path: string) => {
    while (probing) {
      const response = await fetch(`${url}${path}`).catch(String);
      answers.push(typeof response === 'string' ? response : `${response.status} ${await response.text()}`);
    }
  };
  const probes = Promise.all([probe('/'), probe('/slow'), probe('/slow')]);
  const before = await listed('RUNNING');
  await update({ taskDefinition: await version('two') });
  const service = await after('SERVICE_STEADY_STATE', 2);
  for (const arn of before) await reached(arn, 'STOPPED');
  await eventually('the new version alone', () => answers.slice(-5).every((answer) => answer === '200 two'));
  probing = false;
  await probes;
  expect([...new Set(answers)].sort()).toEqual(['200 one', '200 two']);
  expect(service).toMatchObject({ runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] });
  for (const arn of before)
    expect(await describe(arn)).toMatchObject({ stopCode: 'ServiceSchedulerInitiated', containers: [{ exitCode: 0 }] });
});

test('a deployment that keeps failing is rolled back by the circuit breaker, and the old version serves throughout', async () => {
  const { createService, update, version, register, loadBalancers, after, url, emittedNames } = await withServices();
  const good = await version('one');
  await createService(good, { loadBalancers, ...breaker(true) });
  await after('SERVICE_STEADY_STATE');
  await update({ taskDefinition: await register([{ ...server('two'), ...crashing }]) });
  const service = await after('SERVICE_STEADY_STATE', 2);
  expect(emittedNames().slice(3)).toEqual([
    'SERVICE_DEPLOYMENT_IN_PROGRESS',
    'SERVICE_DEPLOYMENT_FAILED',
    'SERVICE_DEPLOYMENT_IN_PROGRESS',
    'SERVICE_DEPLOYMENT_COMPLETED',
    'SERVICE_STEADY_STATE',
  ]);
  expect(service).toMatchObject({ taskDefinition: good, runningCount: 1, deployments: [{ taskDefinition: good }] });
  expect(await (await fetch(url)).text()).toBe('one');
});

test('without rollback a failed deployment stays failed and starts nothing more', async () => {
  const { createService, register, after, listed } = await withServices();
  await createService(await register([{ image: 'nowhere/none:1' }]), breaker(false));
  const service = await after('SERVICE_DEPLOYMENT_FAILED');
  expect(service.deployments).toMatchObject([
    {
      status: 'PRIMARY',
      rolloutState: 'FAILED',
      failedTasks: 3,
      rolloutStateReason: expect.stringContaining('circuit breaker'),
    },
  ]);
  expect(await listed('STOPPED')).toHaveLength(3);
  expect(await listed('RUNNING')).toEqual([]);
});

test('without a circuit breaker failures go on, further and further apart', async () => {
  const { createService, register, listed, world } = await withServices();
  await createService(await register([{ image: 'nowhere/none:1' }]));
  const stopped = () =>
    world.emitted.filter(({ detail }) => (detail as { lastStatus?: string }).lastStatus === 'STOPPED').length;
  await eventually('four failures', () => stopped() === 4);
  expect(await listed('RUNNING')).toEqual([]);
  await world.clock.advance(1000);
  await eventually('a fifth', () => stopped() === 5);
  await world.clock.advance(1000);
  expect(await listed('RUNNING')).toEqual([]);
  await world.clock.advance(1000);
  await eventually('a sixth', () => stopped() === 6);
});

test('a task that dies is replaced', async () => {
  const { createService, version, loadBalancers, after, listed, url, reached } = await withServices();
  await createService(await version('one'), { loadBalancers });
  await after('SERVICE_STEADY_STATE');
  const [first = ''] = await listed('RUNNING');
  await fetch(`${url}/crash`);
  expect(await reached(first, 'STOPPED')).toMatchObject({
    stopCode: 'EssentialContainerExited',
    containers: [{ exitCode: 9 }],
  });
  await after('SERVICE_STEADY_STATE', 2);
  expect(await (await fetch(url)).text()).toBe('one');
  expect(await listed('RUNNING')).not.toContain(first);
});

test('a target that turns unhealthy costs its task the place, after the grace period', async () => {
  const { createService, register, loadBalancers, reached, listed, world, balancer, targetGroupArn } =
    await withServices();
  const sick = { ...server('sick'), environment: [{ name: 'SICK', value: '1' }] };
  await createService(await register([sick]), { loadBalancers, healthCheckGracePeriodSeconds: 120 });
  const [arn = ''] = await eventually('a task', () => world.emitted.length > 0).then(() => listed('RUNNING'));
  const task = await reached(arn, 'RUNNING');
  const port = task.containers?.[0]?.networkBindings?.[0]?.hostPort ?? 0;
  const state = () => balancer.stateOf(targetGroupArn, { id: '127.0.0.1', port });
  // A task runs before it is a target; time that passes in between tells nothing of its health.
  await eventually('a target', () => state() !== undefined);
  await world.clock.advance(60_000);
  await eventually('unhealthy', () => state() === 'unhealthy');
  expect(await listed('RUNNING')).toEqual([arn]);
  await world.clock.advance(60_000);
  expect(await reached(arn, 'STOPPED')).toMatchObject({
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Task failed ELB health checks in (target-group ${targetGroupArn})`,
  });
});

test('scaling to zero leaves no task running and no new deployment', async () => {
  const { createService, update, version, loadBalancers, after, listed, reached, url } = await withServices();
  await createService(await version('one'), { desiredCount: 2, loadBalancers });
  const { deployments } = await after('SERVICE_STEADY_STATE');
  const tasks = await listed('RUNNING');
  await update({ desiredCount: 0 });
  const service = await after('SERVICE_STEADY_STATE', 2);
  expect(service).toMatchObject({ desiredCount: 0, runningCount: 0, deployments: [{ id: deployments?.[0]?.id }] });
  for (const arn of tasks) await reached(arn, 'STOPPED');
  expect((await fetch(url)).status).toBe(503);
});

test('a service without a place for its tasks says so, and takes the first one that comes', async () => {
  const { createService, register, ecs, after } = await withServices();
  ecs.faults.refuseCapacity('RESOURCE:CPU');
  await createService(await register([script('setInterval(() => {}, 1000)')]));
  const waiting = await after('SERVICE_TASK_PLACEMENT_FAILURE');
  expect(waiting).toMatchObject({ runningCount: 0, deployments: [{ rolloutState: 'IN_PROGRESS' }] });
  expect(waiting.events?.[0]?.message).toContain('was unable to place a task');
  ecs.faults.allowCapacity();
  expect(await after('SERVICE_STEADY_STATE')).toMatchObject({ runningCount: 1 });
});

test('a task without a load balancer that ends at once never counts as steady', async () => {
  const { createService, register, after, emittedNames } = await withServices();
  await createService(await register([crashing]), breaker(true));
  expect((await after('SERVICE_DEPLOYMENT_FAILED')).deployments).toMatchObject([{ rolloutState: 'FAILED' }]);
  expect(emittedNames()).not.toContain('SERVICE_STEADY_STATE');
});

test('a service cannot be made or moved to what is not there', async () => {
  const { createService, update, version, register, client, loadBalancers, balancer, describeService } =
    await withServices();
  const first = await version('one');
  const missing = { ...loadBalancers[0], targetGroupArn: 'arn:none' };
  await expect(createService(first, { loadBalancers: [missing] })).rejects.toThrow('arn:none does not exist');
  const { physicalId } = await create(balancer, elb('TargetGroup'), 'Unused', { Name: 'unused' });
  const unused = { ...loadBalancers[0], targetGroupArn: physicalId };
  await expect(createService(first, { loadBalancers: [unused] })).rejects.toThrow(
    'does not have an associated load balancer',
  );
  const bare = await register([{}]);
  await expect(createService(bare, { loadBalancers })).rejects.toThrow('did not have a container port 8080 defined');
  await createService(first, { desiredCount: 0 });
  await expect(createService(first)).rejects.toThrow('Creation of service was not idempotent.');
  const second = await version('two');
  await client.send(new DeregisterTaskDefinitionCommand({ taskDefinition: second }));
  await expect(update({ taskDefinition: second })).rejects.toThrow('TaskDefinition is inactive');
  await expect(update({ service: 'none' })).rejects.toBeInstanceOf(ServiceNotFoundException);
  expect((await describeService()).taskDefinition).toBe(first);
});

test('deleting drains: DRAINING while tasks run, INACTIVE after the last', async () => {
  const { createService, version, client, after, describeService, listed, reached } = await withServices();
  await createService(await version('one'));
  await after('SERVICE_STEADY_STATE');
  const [arn = ''] = await listed('RUNNING');
  const remove = (force: boolean) => client.send(new DeleteServiceCommand({ cluster: 'main', service: 'shop', force }));
  await expect(remove(false)).rejects.toThrow('scaled above 0');
  expect((await remove(true)).service?.status).toBe('DRAINING');
  await reached(arn, 'STOPPED');
  await new Promise((resolve) => setImmediate(resolve));
  expect(await describeService()).toMatchObject({ status: 'INACTIVE', runningCount: 0 });
});
