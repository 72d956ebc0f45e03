import {
  ContinueUpdateRollbackCommand,
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeEventsCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ResourceFault } from '../../../infra/local/cloudformation/faults.ts';
import {
  atRest,
  createStack,
  eventsOf,
  openStage,
  type Stage,
  seen,
  statusesOnBus,
  story,
  topic,
  turn,
  updateStack,
} from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const template = (word: string, more: object = {}) => ({
  Resources: { A: topic({ DisplayName: word }), B: topic({ DisplayName: word }, { DependsOn: 'A' }), ...more },
});

const standing = async () => {
  await createStack(stage, 'shop', template('old'));
  await atRest(stage, 'shop');
  seen(stage);
};

const fail = (logicalId: string, when: ResourceFault['when'], more: Partial<ResourceFault> = {}) =>
  stage.part.faults.fail({ logicalId, when, reason: `${logicalId} refuses the ${when}`, ...more });

const continued = async (token: string, ResourcesToSkip: string[] = []) => {
  await stage.client.send(
    new ContinueUpdateRollbackCommand({ StackName: 'shop', ClientRequestToken: token, ResourcesToSkip }),
  );
  return (await atRest(stage, 'shop')).StackStatus;
};

test('a resource that fails in the middle of an update takes the update back', async () => {
  await standing();
  fail('B', 'update');
  await updateStack(stage, 'shop', template('new'), { token: 'up' });
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  const events = await eventsOf(stage, 'shop');
  expect(events.find(({ ResourceStatus }) => ResourceStatus === 'UPDATE_FAILED')).toMatchObject({
    ...{ LogicalResourceId: 'B', ResourceStatusReason: 'B refuses the update', ClientRequestToken: 'up' },
  });
  // B was never asked, but nobody could know: it is brought back as well.
  expect(seen(stage)).toEqual(['update A', 'update A', 'update B']);
});

test('a rollback that fails twice and is continued twice ends well, each time under the token of the call', async () => {
  await standing();
  fail('B', 'update');
  fail('A', 'rollback', { times: 2 });
  await updateStack(stage, 'shop', template('new'), { token: 'up' });
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
  expect(await continued('again')).toBe('UPDATE_ROLLBACK_FAILED');
  expect(await continued('at-last')).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(statusesOnBus(stage).slice(-3)).toEqual([
    'UPDATE_ROLLBACK_IN_PROGRESS',
    'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    'UPDATE_ROLLBACK_COMPLETE',
  ]);
  expect((await story(stage, 'shop', 'again')).at(-1)).toBe('UPDATE_ROLLBACK_FAILED');
  expect((await story(stage, 'shop', 'at-last')).at(0)).toBe('UPDATE_ROLLBACK_IN_PROGRESS');
  expect(await continued('at-last')).toBe('UPDATE_ROLLBACK_COMPLETE');
});

test('a rollback that a resource never lets through ends when that one is skipped', async () => {
  await standing();
  fail('B', 'update');
  fail('A', 'rollback', { times: 9 });
  await updateStack(stage, 'shop', template('new'));
  await atRest(stage, 'shop');
  expect(await continued('skip', ['A'])).toBe('UPDATE_ROLLBACK_COMPLETE');
});

test('a creation that fails late names what it made, which the rollback deletes', async () => {
  await standing();
  fail('New', 'create', { late: true });
  await updateStack(stage, 'shop', template('old', { New: topic() }));
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(seen(stage)).toEqual(['create New', 'delete New']);
});

test('a deletion that fails ends DELETE_FAILED; the next one deletes the rest', async () => {
  await standing();
  fail('A', 'delete');
  await stage.client.send(new DeleteStackCommand({ StackName: 'shop' }));
  const stack = await atRest(stage, 'shop');
  expect([stack.StackStatus, stack.StackStatusReason]).toEqual([
    'DELETE_FAILED',
    'The following resource(s) failed to delete: [A]. ',
  ]);
  await stage.client.send(new DeleteStackCommand({ StackName: 'shop' }));
  expect((await atRest(stage, stack.StackId ?? '')).StackStatus).toBe('DELETE_COMPLETE');
});

test('a clean-up that cannot delete something lets it go', async () => {
  await createStack(stage, 'shop', template('old', { Gone: topic() }));
  await atRest(stage, 'shop');
  fail('Gone', 'cleanup');
  await updateStack(stage, 'shop', template('old'));
  const stack = await atRest(stage, 'shop');
  expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
  expect(stack.StackStatusReason).toMatch(/could not be deleted/);
  expect(await story(stage, 'shop')).toContain('Gone DELETE_FAILED');
});

test('a fault concerns its own stack and moment, and ends when it is told to', async () => {
  await standing();
  fail('B', 'update', { stackName: 'another' });
  fail('B', 'delete');
  const end = fail('B', 'update');
  end();
  await updateStack(stage, 'shop', template('new'));
  expect((await atRest(stage, 'shop')).StackStatus).toBe('UPDATE_COMPLETE');
});

test('early validation that finds something fails the change set, and its events name resource and property', async () => {
  await standing();
  fail('B', 'validation', { property: 'DisplayName' });
  const which = { StackName: 'shop', ChangeSetName: 'one' };
  const TemplateBody = JSON.stringify(template('new'));
  const { Id: ChangeSetName } = await stage.client.send(new CreateChangeSetCommand({ ...which, TemplateBody }));
  const look = new DescribeChangeSetCommand(which);
  while ((await stage.client.send(look)).Status !== 'FAILED') await turn();
  expect((await stage.client.send(look)).StatusReason).toMatch(/EarlyValidation.* use the DescribeEvents API/);
  const failed = new DescribeEventsCommand({ ChangeSetName, Filters: { FailedEvents: true } });
  expect((await stage.client.send(failed)).OperationEvents).toEqual([
    expect.objectContaining({
      EventType: 'VALIDATION_ERROR',
      LogicalResourceId: 'B',
      ValidationPath: '/Resources/B/Properties/DisplayName',
      ValidationStatusReason: 'B refuses the validation',
    }),
  ]);
});
