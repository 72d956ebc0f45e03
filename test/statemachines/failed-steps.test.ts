import { expect, test } from '@jest/globals';
import { openMachineWorld } from '../support/machine-world.ts';
import { aDeployment, anEntry, triggered } from '../support/records.ts';

const full = { strategy: 'full', mode: 'PARALLEL', approval: false } as const;

test('F1: a wait for the stack that fails ends its deployment, frees the stack, and the next one has its turn', async () => {
  await using world = await openMachineWorld({ ...full, busy: true });
  const { ports, ids, slipway } = world;
  await ports.deployments.create(aDeployment({ id: 'd-2' }));
  await ports.stacks.apply(ids.stackName, triggered(anEntry('d-2')));
  expect(await world.goOnUntil(async () => (await world.waiting()).has('StackWait'))).toBe(true);
  slipway.stacks.rollbackFails(ids.stackName);
  await world.goOnUntil(async () => false);

  expect(await world.deployment()).toMatchObject({
    status: 'FAILED',
    reason: { code: 'StackUnusable', message: expect.stringContaining('UPDATE_ROLLBACK_FAILED') },
  });
  const stack = await ports.stacks.find(ids.stackName);
  expect([stack?.fence, stack?.queue]).toEqual([2, []]);
  expect((await ports.deployments.find('d-2'))?.status).not.toBe('QUEUED');
});

test('F27: a parameter that cannot be told fails its step and no other: what was done stays done, and is on record', async () => {
  const parameters = [{ kind: 'databaseSecret', name: 'DatabaseSecretOther', database: 'other' }] as const;
  await using world = await openMachineWorld({ ...full, parameters });
  const { ports, ids, slipway } = world;
  await world.goOnUntil(async () => false);

  expect(await world.deployment()).toMatchObject({
    status: 'FAILED',
    reason: { code: 'SecretMissing', step: 'CFUpsert', message: expect.stringContaining('other') },
    steps: {
      StackWait: { status: 'DONE' },
      StackCreate: { status: 'DONE' },
      'PGMigrate.main': { status: 'DONE', outputs: { applied: '1' } },
      CFUpsert: { status: 'FAILED' },
    },
  });
  expect(slipway.tasks.applied).toEqual(['1']);
  expect(await ports.stacks.find(ids.stackName)).toMatchObject({
    status: 'BROKEN',
    broken: { left: ['PGMigrate.main had been done', 'Database main has the new schema'] },
  });
});
