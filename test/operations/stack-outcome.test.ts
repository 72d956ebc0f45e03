import { expect, test } from '@jest/globals';
import type { Callback } from '../../functions/domain/callback.ts';
import { stackOutcome } from '../../functions/operations/stack-outcome.ts';
import { fakeStacks } from '../support/fake-stacks.ts';
import { fakeTasks } from '../support/fake-tasks.ts';

const callback: Callback = {
  ...{ token: 't1', taskToken: 'tt', deploymentId: 'd-1', stackName: 'shop', environment: 'prod', fence: 1 },
  ...{ step: 'VersionMigrate', attempt: 1, status: 'CALLED', waitsFor: { kind: 'stack-operation', goal: 'CREATE' } },
  ...{ createdAt: '2026-08-01T10:00:00Z', touchedAt: '2026-08-01T10:00:00Z' },
};
const at = (time: string) => ({ clock: { now: () => new Date(`2026-08-01T${time}Z`), sleep: async () => undefined } });
const id = 'arn:aws:cloudformation:eu-central-1:000000000000:stack/shop/1';

const noTasks = fakeTasks({ emit: () => {}, migrationsOf: () => [] }).port;

const creating = async () => {
  const stacks = fakeStacks({ emit: () => {} });
  await stacks.port.createEmpty('shop', 't1');
  return { stacks, aws: { stacks: stacks.port, tasks: noTasks } };
};

test('an operation under way is waited for, however long it takes', async () => {
  const { aws } = await creating();
  expect(await stackOutcome(at('20:00:00'), callback, aws)).toBeUndefined();
});

test('a stack that was deleted ends the wait by the id that its event told', async () => {
  const { stacks, aws } = await creating();
  stacks.vanish('shop');
  expect(await stackOutcome(at('10:00:10'), callback, aws, id)).toMatchObject({
    ok: false,
    reason: { code: 'StackFailed', left: expect.stringMatching(/^The stack is gone/), step: 'VersionMigrate' },
  });
});

test('where that event was lost the wait ends within minutes, by what is there under the name', async () => {
  const { stacks, aws } = await creating();
  stacks.vanish('shop');
  expect(await stackOutcome(at('10:02:00'), callback, aws)).toBeUndefined();
  expect(await stackOutcome(at('10:06:00'), callback, aws)).toMatchObject({
    cause: 'Stack shop is gone: somebody deleted it while VersionMigrate waited for its operation',
  });
  await stacks.port.createEmpty('shop', 'console');
  expect(await stackOutcome(at('10:06:00'), callback, aws)).toMatchObject({
    cause: expect.stringMatching(/^Another stack of the name shop stands where VersionMigrate had called/),
  });
});

test('a call that may not have been made yet is never judged lost', async () => {
  const { aws } = await creating();
  const intended: Callback = { ...callback, token: 't2', status: 'INTENDED' };
  expect(await stackOutcome(at('20:00:00'), intended, aws)).toBeUndefined();
});

test('a rollback that was continued and ended well asks for another attempt of its step', async () => {
  const { stacks, aws } = await creating();
  await stacks.port.continueRollback('shop', 't2');
  for (const end of stacks.underWay()) end();
  expect(await stackOutcome(at('10:00:10'), { ...callback, token: 't2', step: 'WayBack' }, aws)).toMatchObject({
    ok: false,
    error: 'RollbackContinued',
  });
});
