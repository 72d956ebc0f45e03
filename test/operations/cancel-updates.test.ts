import { expect, test } from '@jest/globals';
import { cancelUpdates } from '../../functions/operations/cancel-updates.ts';
import { claimedDeployment, memorySlipway } from '../support/memory-slipway.ts';

const started = async () => {
  const slipway = await memorySlipway();
  const input = await claimedDeployment(slipway, 1, { deployment: { cancelUpdates: true } });
  const { port } = slipway.stacks;
  const tokens: string[] = [];
  const cluster = await slipway.ports.configuration.findCluster('main');
  if (!cluster) throw new Error('the sample has a cluster');
  const aws = slipway.ports.inCluster(cluster);
  const cancelUpdate: typeof port.cancelUpdate = (name, token) => {
    tokens.push(token);
    return port.cancelUpdate(name, token);
  };
  const ports = { ...slipway.ports, inCluster: () => ({ ...aws, stacks: { ...aws.stacks, cancelUpdate } }) };
  const outputs = async () =>
    (await slipway.ports.deployments.find(input.deploymentId))?.steps['CancelUpdates']?.outputs;
  return { slipway, port, ports, input, tokens, outputs };
};

const updating = async ({ port, slipway }: Awaited<ReturnType<typeof started>>) => {
  await port.createEmpty('prod-shop', 'theirs');
  for (const end of slipway.stacks.underWay()) end();
  const templateUrl = 'https://theirs';
  const { id } = await port.prepare({ stackName: 'prod-shop', name: 'set', templateUrl, parameters: {}, token: 'set' });
  await port.execute(id, 'their-update');
};

test('an update that is under way is cancelled under one token, however often it is asked', async () => {
  const world = await started();
  await updating(world);
  await cancelUpdates(world.ports, world.input);
  expect(await world.outputs()).toEqual({ stack: 'UPDATE_IN_PROGRESS', cancelled: 'update' });
  expect(await world.port.find('prod-shop')).toMatchObject({ status: 'UPDATE_ROLLBACK_IN_PROGRESS' });
  await cancelUpdates(world.ports, world.input);
  expect(await world.outputs()).toEqual({ stack: 'UPDATE_ROLLBACK_IN_PROGRESS', cancelled: 'nothing' });
  expect(new Set(world.tokens).size).toBe(1);
  expect(world.tokens[0]).toMatch(/^[a-z][a-z0-9-]{0,63}$/);
});

test('a stack at rest, or none at all, is left alone', async () => {
  const world = await started();
  await cancelUpdates(world.ports, world.input);
  expect(await world.outputs()).toEqual({ stack: 'missing', cancelled: 'nothing' });
  await updating(world);
  for (const end of world.slipway.stacks.underWay()) end();
  await cancelUpdates(world.ports, world.input);
  expect(await world.outputs()).toEqual({ stack: 'UPDATE_COMPLETE', cancelled: 'nothing' });
  expect(world.tokens).toEqual([]);
});

test('an update that ends between the look and the call is no failure', async () => {
  const world = await started();
  await updating(world);
  const { port } = world;
  const ends = { ...world.ports.inCluster(), stacks: { ...port, cancelUpdate: async () => false } };
  await cancelUpdates({ ...world.ports, inCluster: () => ends }, world.input);
  expect(await world.outputs()).toEqual({ stack: 'UPDATE_IN_PROGRESS', cancelled: 'nothing' });
});
