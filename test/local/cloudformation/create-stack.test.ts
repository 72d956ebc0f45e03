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
  topic,
} from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

test('a stack is created in the order of its references, with every status in events and on the bus', async () => {
  const template = {
    Resources: { B: topic({ DisplayName: { Ref: 'A' } }), A: topic({ TopicName: 'a' }) },
    Outputs: {
      Id: { Value: { Ref: 'B' } },
      Arn: { Value: { 'Fn::GetAtt': ['A', 'TopicArn'] }, Description: 'the first' },
    },
  };
  const { StackId } = await createStack(stage, 'shop', template, { token: 'create-1' });
  const stack = await atRest(stage, 'shop');
  expect(StackId).toMatch(/^arn:aws:cloudformation:eu-west-1:123456789012:stack\/shop\/[0-9a-f-]{36}$/);
  expect(stack).toMatchObject({ StackId, StackStatus: 'CREATE_COMPLETE' });
  const [a, b] = stage.calls;
  expect(b?.properties).toEqual({ DisplayName: a?.physicalId });
  expect(stack.Outputs).toEqual([
    { OutputKey: 'Arn', OutputValue: `arn:fake:${a?.physicalId}`, Description: 'the first' },
    { OutputKey: 'Id', OutputValue: b?.physicalId },
  ]);
  expect(await story(stage, 'shop', 'create-1')).toEqual([
    'CREATE_IN_PROGRESS',
    'A CREATE_IN_PROGRESS',
    'A CREATE_COMPLETE',
    'B CREATE_IN_PROGRESS',
    'B CREATE_COMPLETE',
    'CREATE_COMPLETE',
  ]);
  expect(await story(stage, 'shop')).toHaveLength(6);
  expect(statusesOnBus(stage)).toEqual(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
  expect(stage.events[1]).toEqual({
    source: 'aws.cloudformation',
    'detail-type': 'CloudFormation Stack Status Change',
    resources: [StackId],
    detail: {
      'stack-id': StackId,
      'status-details': { status: 'CREATE_COMPLETE', 'status-reason': '' },
      'client-request-token': 'create-1',
    },
  });
});

test('independent resources run side by side; DependsOn makes one wait', async () => {
  const hold = gate();
  stage.scripts.set('create A', { until: hold.passed });
  await createStack(stage, 'shop', { Resources: { A: topic(), B: topic(), C: topic({}, { DependsOn: 'A' }) } });
  await asked(stage, 'create', 'B');
  expect(seen(stage).sort()).toEqual(['create A', 'create B']);
  hold.open();
  await atRest(stage, 'shop');
  expect(seen(stage)).toEqual(['create C']);
});

test('a failed create is rolled back to ROLLBACK_COMPLETE, which must be deleted before the name can be used again', async () => {
  stage.scripts.set('create B', { fail: 'no room left' });
  await createStack(stage, 'shop', { Resources: { A: topic(), B: topic({}, { DependsOn: 'A' }) } }, { token: 't' });
  const failed = await atRest(stage, 'shop');
  expect(failed.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await story(stage, 'shop', 't')).toEqual([
    'CREATE_IN_PROGRESS',
    'A CREATE_IN_PROGRESS',
    'A CREATE_COMPLETE',
    'B CREATE_IN_PROGRESS',
    'B CREATE_FAILED',
    'ROLLBACK_IN_PROGRESS',
    'A DELETE_IN_PROGRESS',
    'A DELETE_COMPLETE',
    'B DELETE_COMPLETE',
    'ROLLBACK_COMPLETE',
  ]);
  const events = await eventsOf(stage, 'shop');
  const reasonOf = (status: string) =>
    events.find(({ ResourceStatus }) => ResourceStatus === status)?.ResourceStatusReason;
  expect(reasonOf('CREATE_FAILED')).toBe('no room left');
  expect(reasonOf('ROLLBACK_IN_PROGRESS')).toBe(
    'The following resource(s) failed to create: [B]. Rollback requested by user.',
  );
  await expect(createStack(stage, 'shop', { Resources: { A: topic() } })).rejects.toMatchObject({
    name: 'AlreadyExistsException',
    message: 'Stack [shop] already exists',
  });
});

test('a sibling of a failed resource is cancelled while it waits, or finishes and is deleted', async () => {
  const hold = gate();
  stage.scripts.set('create Waits', { until: hold.passed });
  stage.scripts.set('create Deaf', { until: hold.passed, deaf: true });
  const broken = gate();
  stage.scripts.set('create Bad', { until: broken.passed, fail: 'bad' });
  await createStack(stage, 'shop', { Resources: { Waits: topic(), Deaf: topic(), Bad: topic() } });
  await asked(stage, 'create', 'Bad');
  broken.open();
  const isCancelled = async () =>
    (await eventsOf(stage, 'shop')).some((event) => event.ResourceStatusReason === 'Resource creation cancelled');
  while (!(await isCancelled()));
  hold.open();
  expect((await atRest(stage, 'shop')).StackStatus).toBe('ROLLBACK_COMPLETE');
  const told = await story(stage, 'shop');
  expect(told).toContain('Waits CREATE_FAILED');
  expect(told).toContain('Deaf CREATE_COMPLETE');
  expect(seen(stage).filter((call) => call.startsWith('delete'))).toEqual(['delete Deaf']);
});

test('what a failed create has left behind is deleted', async () => {
  stage.scripts.set('create A', { fail: 'never steady', left: 'half-made' });
  await createStack(stage, 'shop', { Resources: { A: topic() } });
  await atRest(stage, 'shop');
  expect(stage.calls.map(({ verb, physicalId }) => [verb, physicalId])[1]).toEqual(['delete', 'half-made']);
});

test.each([
  ['Retain', []],
  ['RetainExceptOnCreate', ['delete A']],
  ['Delete', ['delete A']],
])('in the rollback of a create, DeletionPolicy %s deletes %j', async (policy, deleted) => {
  stage.scripts.set('create B', { fail: 'no' });
  const A = topic({}, { DeletionPolicy: policy });
  await createStack(stage, 'shop', { Resources: { A, B: topic({}, { DependsOn: 'A' }) } });
  expect((await atRest(stage, 'shop')).StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(seen(stage).filter((call) => call.startsWith('delete'))).toEqual(deleted);
});

test('a create whose rollback cannot delete something ends ROLLBACK_FAILED', async () => {
  stage.scripts.set('create B', { fail: 'no' });
  stage.scripts.set('delete A', { fail: 'still in use' });
  await createStack(stage, 'shop', { Resources: { A: topic(), B: topic({}, { DependsOn: 'A' }) } });
  const stack = await atRest(stage, 'shop');
  expect(stack.StackStatus).toBe('ROLLBACK_FAILED');
  expect(stack.StackStatusReason).toBe('The following resource(s) failed to delete: [A]. ');
});
