import { DescribeServicesCommand, DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import type { Properties, Resource } from '../../../infra/local/part.ts';
import { create, resourceRequest } from '../test-world.ts';
import { ecsWorlds } from './ecs-worlds.ts';

const withEcs = ecsWorlds();

const withResources = async () => {
  const given = await withEcs();
  const { ecs, image } = given;
  const definition = (logicalId: string, command: readonly string[] = ['node', 'server.mjs'], family?: string) =>
    create(ecs, 'AWS::ECS::TaskDefinition', logicalId, {
      ...(family ? { Family: family } : {}),
      Cpu: 256,
      ContainerDefinitions: [
        {
          Name: 'main',
          Image: image,
          Command: command,
          Essential: 'true',
          PortMappings: [{ ContainerPort: '8080' }],
          Environment: [{ Name: 'VERSION', Value: logicalId }],
          DockerLabels: { KeptAsItIs: 'yes' },
          LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': 'shop' } },
        },
      ],
      Tags: [{ Key: 'team', Value: 'shop' }],
    }).then(({ physicalId }) => physicalId);
  const service = (taskDefinition: string, more: Properties = {}): Properties => ({
    Cluster: 'main',
    TaskDefinition: taskDefinition,
    DesiredCount: '1',
    DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true }, MinimumHealthyPercent: 100 },
    ...more,
  });
  const provider = ecs.resources?.['AWS::ECS::Service'];
  if (!provider) throw new Error('no provider of services');
  const request = (properties: Properties, signal?: AbortSignal) => ({
    ...resourceRequest('AWS::ECS::Service', 'Service', properties),
    ...(signal ? { signal } : {}),
  });
  const update = (made: Resource, properties: Properties, signal?: AbortSignal) =>
    provider.update({ ...request(properties, signal), physicalId: made.physicalId, previous: {} });
  const describe = async ({ physicalId }: Resource) => {
    const { services } = await given.client.send(
      new DescribeServicesCommand({ cluster: 'main', services: [physicalId] }),
    );
    return services?.[0];
  };
  return { ...given, definition, service, provider, request, update, describeService: describe };
};

// Quick to start: what runs for half a second counts as serving.
const CRASH = ['sh', '-c', 'exit 1'];

test('a task definition becomes a new revision in the form of the API, and INACTIVE when it is deleted', async () => {
  const { definition, client, ecs } = await withResources();
  const first = await definition('One', undefined, 'shop_main');
  const second = await definition('Two', undefined, 'shop_main');
  expect([first, second].map((arn) => arn.split('/')[1])).toEqual(['shop_main:1', 'shop_main:2']);
  const describe = (taskDefinition: string) =>
    client.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }));
  expect(await describe('shop_main:1')).toMatchObject({
    tags: [{ key: 'team', value: 'shop' }],
    taskDefinition: {
      cpu: '256',
      status: 'ACTIVE',
      containerDefinitions: [
        {
          essential: true,
          portMappings: [{ containerPort: 8080 }],
          dockerLabels: { KeptAsItIs: 'yes' },
          logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'shop' } },
        },
      ],
    },
  });
  const request = resourceRequest('AWS::ECS::TaskDefinition', 'Two', {});
  await ecs.resources?.['AWS::ECS::TaskDefinition']?.delete({ ...request, physicalId: second });
  expect((await describe(second)).taskDefinition?.status).toBe('INACTIVE');
  expect((await describe('shop_main')).taskDefinition?.taskDefinitionArn).toBe(first);
  await expect(describe('none')).rejects.toThrow('Unable to describe task definition.');
});

test('making a service lasts until it is steady; the same request again finds it', async () => {
  const { definition, service, provider, request, describeService } = await withResources();
  const properties = service(await definition('One'));
  const made = await provider.create(request(properties));
  expect(made.attributes).toEqual({
    ServiceArn: made.physicalId,
    Name: expect.stringMatching(/^shop-Service-\w{12}$/),
  });
  expect(await describeService(made)).toMatchObject({ runningCount: 1, deployments: [{ rolloutState: 'COMPLETED' }] });
  expect(await provider.create(request(properties))).toEqual(made);
});

test('an update lasts until the new version alone serves; a count of 0 until nothing does', async () => {
  const { definition, service, provider, request, update, describeService } = await withResources();
  const made = await provider.create(request(service(await definition('One'))));
  const second = await definition('Two');
  await update(made, service(second));
  expect(await describeService(made)).toMatchObject({ taskDefinition: second, runningCount: 1, deployments: [{}] });
  await update(made, service(second, { DesiredCount: 0 }));
  expect(await describeService(made)).toMatchObject({ runningCount: 0, desiredCount: 0 });
});

test('the circuit breaker fails the update in the words of AWS, and the update back finds the old version', async () => {
  const { definition, service, provider, request, update, describeService } = await withResources();
  const first = await definition('One');
  const made = await provider.create(request(service(first)));
  const failing = update(made, service(await definition('Two', CRASH)));
  await expect(failing).rejects.toThrow('ECS Deployment Circuit Breaker was triggered');
  await update(made, service(first));
  expect(await describeService(made)).toMatchObject({ taskDefinition: first, runningCount: 1 });
});

test('an update that is cancelled ends at once, and without a circuit breaker only after three hours', async () => {
  const { definition, service, provider, request, update, world } = await withResources();
  const made = await provider.create(request(service(await definition('One'))));
  const endless = service(await definition('Two', CRASH), {
    DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: false } },
  });
  const cancelled = new AbortController();
  const waiting = update(made, endless, cancelled.signal);
  cancelled.abort(new Error('Resource update cancelled'));
  await expect(waiting).rejects.toThrow('Resource update cancelled');
  const stuck = update(made, endless).then(
    () => 'steady',
    (error: Error) => error.message,
  );
  await world.clock.advance(3 * 3_600_000);
  expect(await stuck).toBe(`Service ${made.physicalId} did not stabilize.`);
});

test('deleting a service lasts until its last task is STOPPED', async () => {
  const { definition, service, provider, request, describeService, world } = await withResources();
  const properties = service(await definition('One'));
  const made = await provider.create(request(properties));
  await provider.delete({ ...request(properties), physicalId: made.physicalId });
  const last = world.emitted.filter((event) => event['detail-type'] === 'ECS Task State Change').at(-1);
  expect(last?.detail).toMatchObject({ lastStatus: 'STOPPED' });
  expect((await describeService(made))?.status).toBe('INACTIVE');
  await provider.delete({ ...request(properties), physicalId: made.physicalId });
});

test('a cluster with services stays', async () => {
  const { ecs, definition, service, provider, request } = await withResources();
  await provider.create(request(service(await definition('One'), { DesiredCount: 0 })));
  const cluster = ecs.resources?.['AWS::ECS::Cluster'];
  const gone = { ...resourceRequest('AWS::ECS::Cluster', 'Cluster', {}), physicalId: 'main' };
  await expect(cluster?.delete(gone)).rejects.toThrow('cannot be deleted while Services are active');
});
