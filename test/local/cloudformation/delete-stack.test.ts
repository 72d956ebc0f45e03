import {
  DeleteStackCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  asked,
  atRest,
  createStack,
  describeStack,
  gate,
  openStage,
  type Stage,
  seen,
  statusesOnBus,
  story,
  topic,
} from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const remove = (StackName: string, more: object = {}) =>
  stage.client.send(new DeleteStackCommand({ StackName, ...more }));

test('a deleted stack goes dependents first, is gone by name, and stays to be read by id', async () => {
  const { StackId = '' } = await createStack(stage, 'shop', {
    Resources: { A: topic(), B: topic({ DisplayName: { Ref: 'A' } }) },
  });
  await atRest(stage, 'shop');
  seen(stage);
  await remove('shop', { ClientRequestToken: 'away' });
  expect((await atRest(stage, StackId)).StackStatus).toBe('DELETE_COMPLETE');
  expect(seen(stage)).toEqual(['delete B', 'delete A']);
  await expect(describeStack(stage, 'shop')).rejects.toMatchObject({ message: 'Stack with id shop does not exist' });
  await expect(stage.client.send(new UpdateStackCommand({ StackName: 'shop' }))).rejects.toThrow(
    'Stack [shop] does not exist',
  );
  await remove('shop');
  const again = await createStack(stage, 'shop', { Resources: { A: topic() } });
  expect(again.StackId).not.toBe(StackId);
  await atRest(stage, 'shop');
});

test('retained resources are skipped', async () => {
  const Resources = {
    Kept: topic({}, { DeletionPolicy: 'Retain' }),
    Also: topic({}, { DeletionPolicy: 'RetainExceptOnCreate' }),
    Gone: topic(),
  };
  const { StackId = '' } = await createStack(stage, 'shop', { Resources });
  await atRest(stage, 'shop');
  seen(stage);
  await remove('shop');
  expect((await atRest(stage, StackId)).StackStatus).toBe('DELETE_COMPLETE');
  expect(seen(stage)).toEqual(['delete Gone']);
});

test('what cannot be deleted makes DELETE_FAILED and keeps what it depends on; RetainResources lets it go', async () => {
  const { StackId = '' } = await createStack(stage, 'shop', {
    Resources: { A: topic(), B: topic({}, { DependsOn: 'A' }) },
  });
  await atRest(stage, 'shop');
  seen(stage);
  stage.scripts.set('delete B', { fail: 'not empty' });
  await expect(remove('shop', { RetainResources: ['B'] })).rejects.toThrow(/DELETE_FAILED state/);
  await remove('shop');
  const stuck = await atRest(stage, 'shop');
  expect(stuck).toMatchObject({
    StackStatus: 'DELETE_FAILED',
    StackStatusReason: 'The following resource(s) failed to delete: [B]. ',
  });
  expect(seen(stage)).toEqual(['delete B']);
  await remove('shop', { RetainResources: ['B'] });
  expect((await atRest(stage, StackId)).StackStatus).toBe('DELETE_COMPLETE');
  expect(seen(stage)).toEqual(['delete A']);
});

test('a stack that is being created can be deleted: what waits is aborted first', async () => {
  const never = gate();
  stage.scripts.set('create B', { until: never.passed });
  const { StackId = '' } = await createStack(stage, 'shop', {
    Resources: { A: topic(), B: topic({}, { DependsOn: 'A' }) },
  });
  await asked(stage, 'create', 'B');
  await remove('shop');
  expect((await atRest(stage, StackId)).StackStatus).toBe('DELETE_COMPLETE');
  expect(statusesOnBus(stage)).toEqual(['CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
  expect(seen(stage)).toEqual(['create A', 'create B', 'delete A']);
});

test('a stack in an update is not deleted', async () => {
  await createStack(stage, 'shop', { Resources: { A: topic() } });
  await atRest(stage, 'shop');
  const hold = gate();
  stage.scripts.set('update A', { until: hold.passed });
  await stage.client.send(
    new UpdateStackCommand({
      StackName: 'shop',
      TemplateBody: JSON.stringify({ Resources: { A: topic({ DisplayName: 'b' }) } }),
    }),
  );
  await expect(remove('shop')).rejects.toThrow(/cannot be deleted while in status UPDATE_IN_PROGRESS/);
  hold.open();
  await atRest(stage, 'shop');
  expect(await story(stage, 'shop')).not.toContain('DELETE_IN_PROGRESS');
});

test('a protected stack is deleted only after its protection is taken off', async () => {
  const { StackId = '' } = await createStack(stage, 'shop', { Resources: { A: topic() } });
  await atRest(stage, 'shop');
  const protect = (EnableTerminationProtection: boolean) =>
    stage.client.send(new UpdateTerminationProtectionCommand({ StackName: 'shop', EnableTerminationProtection }));
  await protect(true);
  await expect(remove('shop')).rejects.toThrow(/cannot be deleted while TerminationProtection is enabled/);
  await protect(false);
  await remove('shop');
  expect((await atRest(stage, StackId)).StackStatus).toBe('DELETE_COMPLETE');
});
