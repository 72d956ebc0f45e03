import {
  CancelUpdateStackCommand,
  ContinueUpdateRollbackCommand,
  DescribeStackResourcesCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  asked,
  atRest,
  createStack,
  eventsOf,
  gate,
  openStage,
  type Stage,
  seen,
  statusesOnBus,
  story,
  type TemplateText,
  topic,
  updateStack,
} from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const settled = async (template: TemplateText, parameters?: Record<string, string>) => {
  await createStack(stage, 'shop', template, parameters ? { parameters } : {});
  expect((await atRest(stage, 'shop')).StackStatus).toBe('CREATE_COMPLETE');
  seen(stage);
  stage.events.length = 0;
};

test('an update touches what changed, replaces what must be replaced, and cleans up afterwards', async () => {
  await settled({
    Resources: { Same: topic(), Changed: topic({ DisplayName: 'a' }), Named: topic({ TopicName: 'a' }), Gone: topic() },
  });
  const template = {
    Resources: { Same: topic(), Changed: topic({ DisplayName: 'b' }), Named: topic({ TopicName: 'b' }), New: topic() },
  };
  await updateStack(stage, 'shop', template, { token: 'u1' });
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_COMPLETE');
  const told = await story(stage, 'shop', 'u1');
  expect(told[0]).toBe('UPDATE_IN_PROGRESS');
  const cleanup = told.indexOf('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  expect(told.slice(1, cleanup).sort()).toEqual(
    ['Changed UPDATE_', 'Named UPDATE_', 'New CREATE_'].flatMap((one) => [`${one}COMPLETE`, `${one}IN_PROGRESS`]),
  );
  expect(told.slice(cleanup + 1, -1).sort()).toEqual(
    ['Gone DELETE_', 'Named DELETE_'].flatMap((one) => [`${one}COMPLETE`, `${one}IN_PROGRESS`]),
  );
  expect(told.at(-1)).toBe('UPDATE_COMPLETE');
  expect(statusesOnBus(stage)).toEqual([
    'UPDATE_IN_PROGRESS',
    'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'UPDATE_COMPLETE',
  ]);
  const [made, deleted] = ['create', 'delete'].map((verb) =>
    stage.calls.find((call) => call.verb === verb && call.logicalId === 'Named'),
  );
  expect(made?.physicalId).not.toBe(deleted?.physicalId);
  expect(made?.seed).not.toBe(deleted?.seed);
  expect(seen(stage).sort()).toEqual(['create Named', 'create New', 'delete Gone', 'delete Named', 'update Changed']);
  const { StackResources = [] } = await stage.client.send(new DescribeStackResourcesCommand({ StackName: 'shop' }));
  expect(
    StackResources.map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`),
  ).toEqual(['Changed UPDATE_COMPLETE', 'Named UPDATE_COMPLETE', 'New CREATE_COMPLETE', 'Same CREATE_COMPLETE']);
});

test('an update in place keeps the seed and hears what it was before', async () => {
  await createStack(stage, 'shop', { Resources: { A: topic({ DisplayName: 'a' }) } });
  await atRest(stage, 'shop');
  await updateStack(stage, 'shop', { Resources: { A: topic({ DisplayName: 'b' }) } });
  await atRest(stage, 'shop');
  const [created, updated] = stage.calls;
  expect(updated).toMatchObject({
    verb: 'update',
    seed: created?.seed,
    previous: { DisplayName: 'a' },
    properties: { DisplayName: 'b' },
  });
});

test('an update without changes is refused, one that only changes outputs is not', async () => {
  const Resources = { A: topic({ DisplayName: '10' }) };
  await settled({ Resources });
  const refused = { name: 'ValidationError', message: 'No updates are to be performed.' };
  await expect(updateStack(stage, 'shop', { Resources })).rejects.toMatchObject(refused);
  await expect(updateStack(stage, 'shop', { Resources: { A: topic({ DisplayName: 10 }) } })).rejects.toMatchObject(
    refused,
  );
  await updateStack(stage, 'shop', { Resources, Outputs: { One: { Value: '1' } } });
  expect(await atRest(stage, 'shop')).toMatchObject({
    StackStatus: 'UPDATE_COMPLETE',
    Outputs: [{ OutputKey: 'One', OutputValue: '1' }],
  });
  expect(seen(stage)).toEqual([]);
});

test('a failed update is rolled back: changed resources are changed back, new ones deleted, replaced ones restored', async () => {
  await settled({
    Resources: { Changed: topic({ DisplayName: 'a' }), Named: topic({ TopicName: 'a' }), Gone: topic() },
  });
  const before = await stage.client.send(new DescribeStackResourcesCommand({ StackName: 'shop' }));
  stage.scripts.set('create Bad', { fail: 'quota reached' });
  const template = {
    Resources: {
      Changed: topic({ DisplayName: 'b' }),
      Named: topic({ TopicName: 'b' }),
      New: topic(),
      Bad: topic({}, { DependsOn: ['Changed', 'Named', 'New'] }),
    },
  };
  await updateStack(stage, 'shop', template, { token: 'u1' });
  const stack = await atRest(stage, 'shop');
  expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(statusesOnBus(stage)).toEqual([
    'UPDATE_IN_PROGRESS',
    'UPDATE_ROLLBACK_IN_PROGRESS',
    'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    'UPDATE_ROLLBACK_COMPLETE',
  ]);
  const reasons = (await eventsOf(stage, 'shop')).map(({ ResourceStatus, ResourceStatusReason }) => [
    ResourceStatus,
    ResourceStatusReason,
  ]);
  expect(reasons).toContainEqual([
    'UPDATE_ROLLBACK_IN_PROGRESS',
    'The following resource(s) failed to create: [Bad]. ',
  ]);
  const last = stage.calls.filter(({ logicalId }) => logicalId === 'Changed').at(-1);
  expect(last).toMatchObject({ verb: 'update', properties: { DisplayName: 'a' }, previous: { DisplayName: 'b' } });
  const deleted = stage.calls.filter(({ verb }) => verb === 'delete').map(({ logicalId }) => logicalId);
  expect(deleted.sort()).toEqual(['Named', 'New']);
  const after = await stage.client.send(new DescribeStackResourcesCommand({ StackName: 'shop' }));
  const ids = ({ StackResources = [] }: typeof after) =>
    StackResources.map((one) => [one.LogicalResourceId, one.PhysicalResourceId]);
  expect(ids(after)).toEqual(ids(before));
  seen(stage);
  await updateStack(stage, 'shop', template);
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_COMPLETE');
});

test('a resource that failed in the middle of its own update is updated back', async () => {
  await settled({ Resources: { A: topic({ DisplayName: 'a' }) } });
  stage.scripts.set('update A', { fail: 'half done' });
  await updateStack(stage, 'shop', { Resources: { A: topic({ DisplayName: 'b' }) } });
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stage.calls.map(({ properties, previous }) => [properties, previous])).toEqual([
    [{ DisplayName: 'b' }, { DisplayName: 'a' }],
    [{ DisplayName: 'a' }, { DisplayName: 'b' }],
  ]);
});

test('a rollback that fails is continued until it succeeds, and then the stack can be updated again', async () => {
  await settled({ Resources: { A: topic({ DisplayName: 'a' }) } });
  const template = { Resources: { A: topic({ DisplayName: 'b' }), Bad: topic({}, { DependsOn: 'A' }) } };
  const hold = gate();
  stage.scripts.set('create Bad', { until: hold.passed, fail: 'no' });
  await updateStack(stage, 'shop', template);
  await asked(stage, 'create', 'Bad');
  stage.scripts.set('update A', { fail: 'locked' });
  hold.open();
  const stuck = await atRest(stage, 'shop');
  expect(stuck.StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
  expect(stuck.StackStatusReason).toBe('The following resource(s) failed to update: [A]. ');
  await expect(updateStack(stage, 'shop', template)).rejects.toThrow(
    /is in UPDATE_ROLLBACK_FAILED state and can not be updated\./,
  );
  const skip = new ContinueUpdateRollbackCommand({ StackName: 'shop', ResourcesToSkip: ['Bad'] });
  await expect(stage.client.send(skip)).rejects.toThrow(/UPDATE_FAILED/);
  seen(stage);
  stage.scripts.set('update A', { fail: 'locked still' });
  await stage.client.send(new ContinueUpdateRollbackCommand({ StackName: 'shop', ClientRequestToken: 'go-on' }));
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
  expect(seen(stage)).toEqual(['update A']);
  expect(await story(stage, 'shop', 'go-on')).toEqual([
    'UPDATE_ROLLBACK_IN_PROGRESS',
    'A UPDATE_IN_PROGRESS',
    'A UPDATE_FAILED',
    'UPDATE_ROLLBACK_FAILED',
  ]);
  await stage.client.send(new ContinueUpdateRollbackCommand({ StackName: 'shop' }));
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(stage.calls.at(-1)).toMatchObject({ properties: { DisplayName: 'a' }, previous: { DisplayName: 'b' } });
  await updateStack(stage, 'shop', template);
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_COMPLETE');
});

test('a skipped resource counts as rolled back', async () => {
  await settled({ Resources: { A: topic({ DisplayName: 'a' }) } });
  const hold = gate();
  stage.scripts.set('create Bad', { until: hold.passed, fail: 'no' });
  await updateStack(stage, 'shop', {
    Resources: { A: topic({ DisplayName: 'b' }), Bad: topic({}, { DependsOn: 'A' }) },
  });
  await asked(stage, 'create', 'Bad');
  stage.scripts.set('update A', { fail: 'locked' });
  hold.open();
  await atRest(stage, 'shop');
  seen(stage);
  await stage.client.send(new ContinueUpdateRollbackCommand({ StackName: 'shop', ResourcesToSkip: ['A'] }));
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(seen(stage)).toEqual([]);
});

test('a busy stack is refused', async () => {
  await settled({ Resources: { A: topic() } });
  const hold = gate();
  stage.scripts.set('update A', { until: hold.passed });
  const { StackId } = await updateStack(stage, 'shop', { Resources: { A: topic({ DisplayName: 'b' }) } });
  await expect(updateStack(stage, 'shop', { Resources: { A: topic({ DisplayName: 'c' }) } })).rejects.toMatchObject({
    name: 'ValidationError',
    message: `Stack:${StackId} is in UPDATE_IN_PROGRESS state and can not be updated.`,
  });
  hold.open();
  await atRest(stage, 'shop');
});

test('a cancelled update aborts what waits and rolls back; later, nothing is left to cancel', async () => {
  await settled({ Resources: { A: topic({ DisplayName: 'a' }), Quick: topic({ DisplayName: 'a' }) } });
  const never = gate();
  stage.scripts.set('update A', { until: never.passed });
  await updateStack(
    stage,
    'shop',
    {
      Resources: {
        A: topic({ DisplayName: 'b' }),
        Quick: topic({ DisplayName: 'b' }),
        Later: topic({}, { DependsOn: 'A' }),
      },
    },
    { token: 'up' },
  );
  await asked(stage, 'update', 'A');
  const cancel = (token: string) =>
    stage.client.send(new CancelUpdateStackCommand({ StackName: 'shop', ClientRequestToken: token }));
  await cancel('stop');
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  const cancelled = (await eventsOf(stage, 'shop')).find((one) => one.ResourceStatus === 'UPDATE_FAILED');
  expect(cancelled).toMatchObject({ LogicalResourceId: 'A', ResourceStatusReason: 'Resource update cancelled' });
  expect(await story(stage, 'shop', 'stop')).toContain('UPDATE_ROLLBACK_COMPLETE');
  expect(seen(stage).sort()).toEqual(['update A', 'update A', 'update Quick', 'update Quick']);
  await cancel('stop');
  await expect(cancel('stop-2')).rejects.toThrow('CancelUpdateStack cannot be called from current stack status');
});

test('replacing a custom-named resource fails and rolls back', async () => {
  const queue = (more: object) => ({
    Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders', ...more } } },
  });
  await settled(queue({ FifoQueue: false }));
  await updateStack(stage, 'shop', queue({ FifoQueue: true }));
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  const failed = (await eventsOf(stage, 'shop')).find(({ ResourceStatus }) => ResourceStatus === 'UPDATE_FAILED');
  expect(failed?.ResourceStatusReason).toBe(
    'CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename orders and update the stack again.',
  );
  expect(seen(stage)).toEqual([]);
});

test('policies decide what a removal and a replacement delete', async () => {
  const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
  await settled({ Resources: { Kept: topic({}, kept), Replaced: topic({ TopicName: 'a' }, kept), Gone: topic() } });
  await updateStack(stage, 'shop', { Resources: { Replaced: topic({ TopicName: 'b' }, kept) } });
  await atRest(stage, 'shop');
  expect(seen(stage).sort()).toEqual(['create Replaced', 'delete Gone']);
  const told = await story(stage, 'shop');
  expect(told).toContain('Kept DELETE_SKIPPED');
  expect(told).toContain('Replaced DELETE_SKIPPED');
});

test('a clean-up that cannot delete something lets it go and says so', async () => {
  await settled({ Resources: { A: topic(), Gone: topic() } });
  stage.scripts.set('delete Gone', { fail: 'in use' });
  await updateStack(stage, 'shop', { Resources: { A: topic() } });
  const stack = await atRest(stage, 'shop');
  expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
  expect(stack.StackStatusReason).toBe('Update successful. One or more resources could not be deleted.');
});

test('without rollback a failed update stays as UPDATE_FAILED and can be updated onward', async () => {
  await settled({ Resources: { A: topic({ DisplayName: 'a' }) } });
  stage.scripts.set('create Bad', { fail: 'no' });
  const TemplateBody = JSON.stringify({
    Resources: { A: topic({ DisplayName: 'b' }), Bad: topic({}, { DependsOn: 'A' }) },
  });
  await stage.client.send(new UpdateStackCommand({ StackName: 'shop', TemplateBody, DisableRollback: true }));
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_FAILED');
  await stage.client.send(new UpdateStackCommand({ StackName: 'shop', TemplateBody }));
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_COMPLETE');
  expect(seen(stage)).toEqual(['update A', 'create Bad', 'create Bad']);
});

test('a repeated request with its token is the same operation; the token of another action is refused', async () => {
  await settled({ Resources: { A: topic() } });
  const template = { Resources: { A: topic({ DisplayName: 'b' }) } };
  const first = await updateStack(stage, 'shop', template, { token: 'once' });
  expect(await updateStack(stage, 'shop', template, { token: 'once' })).toMatchObject({ StackId: first.StackId });
  await atRest(stage, 'shop');
  await updateStack(stage, 'shop', template, { token: 'once' });
  expect(seen(stage)).toEqual(['update A']);
  await expect(
    stage.client.send(new CancelUpdateStackCommand({ StackName: 'shop', ClientRequestToken: 'once' })),
  ).rejects.toMatchObject({ name: 'TokenAlreadyExistsException' });
});

test('another type under the same logical id is refused', async () => {
  await settled({ Resources: { A: topic() } });
  await expect(updateStack(stage, 'shop', { Resources: { A: { Type: 'AWS::SQS::Queue' } } })).rejects.toThrow(
    'Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]',
  );
});
