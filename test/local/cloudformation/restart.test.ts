import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CancelUpdateStackCommand,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { standingClock } from '../../../infra/local/clock.ts';
import { openStore } from '../../../infra/local/store.ts';
import {
  asked,
  atRest,
  createStack,
  describeStack,
  gate,
  openStage,
  type ProviderCall,
  type Script,
  seen,
  story,
  topic,
  turn,
  updateStack,
} from './stage.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-cfn-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const calls: ProviderCall[] = [];
const scripts = new Map<string, Script>();
beforeEach(() => {
  calls.length = 0;
  scripts.clear();
});
const open = (more: Parameters<typeof openStage>[0] = {}) =>
  openStage({ store: openStore(join(folder, 'state.db')), calls, scripts, ...more });

test('an update that was running goes on after a restart, under the same token and seeds', async () => {
  const first = await open();
  await createStack(first, 'shop', { Resources: { A: topic({ DisplayName: 'a' }), B: topic({ TopicName: 'a' }) } });
  await atRest(first, 'shop');
  seen(first);
  scripts.set('create B', { until: gate().passed });
  const template = { Resources: { A: topic({ DisplayName: 'b' }), B: topic({ TopicName: 'b' }, { DependsOn: 'A' }) } };
  await updateStack(first, 'shop', template, { token: 'up' });
  await asked(first, 'create', 'B');
  await first.close();

  const second = await open();
  expect((await atRest(second, 'shop')).StackStatus).toBe('UPDATE_COMPLETE');
  expect(calls.map(({ verb, logicalId }) => `${verb} ${logicalId}`)).toEqual([
    'update A',
    'create B',
    'create B',
    'delete B',
  ]);
  expect(calls[1]?.seed).toBe(calls[2]?.seed);
  expect(await story(second, 'shop', 'up')).toEqual([
    'UPDATE_IN_PROGRESS',
    'A UPDATE_IN_PROGRESS',
    'A UPDATE_COMPLETE',
    'B UPDATE_IN_PROGRESS',
    'B UPDATE_COMPLETE',
    'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'B DELETE_IN_PROGRESS',
    'B DELETE_COMPLETE',
    'UPDATE_COMPLETE',
  ]);
  await second.close();
});

test('a cancel that a restart interrupted leaves nothing behind of a create whose outcome was unknown', async () => {
  const first = await open();
  await createStack(first, 'shop', { Resources: { A: topic() } });
  await atRest(first, 'shop');
  seen(first);
  scripts.set('create New', { until: gate().passed, deaf: true });
  await updateStack(first, 'shop', { Resources: { A: topic(), New: topic() } });
  await asked(first, 'create', 'New');
  await first.client.send(new CancelUpdateStackCommand({ StackName: 'shop' }));
  await first.close();

  const second = await open();
  expect((await atRest(second, 'shop')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(seen(second)).toEqual(['create New', 'create New', 'delete New']);
  await second.close();
});

test('a deletion in a clean-up goes on after a restart', async () => {
  const first = await open();
  await createStack(first, 'shop', { Resources: { A: topic(), Gone: topic() } });
  await atRest(first, 'shop');
  scripts.set('delete Gone', { until: gate().passed });
  await updateStack(first, 'shop', { Resources: { A: topic() } });
  await asked(first, 'delete', 'Gone');
  expect((await describeStack(first, 'shop')).StackStatus).toBe('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  seen(first);
  await first.close();

  const second = await open();
  expect((await atRest(second, 'shop')).StackStatus).toBe('UPDATE_COMPLETE');
  expect(seen(second)).toEqual(['delete Gone']);
  expect((await story(second, 'shop')).filter((one) => one === 'Gone DELETE_IN_PROGRESS')).toHaveLength(1);
  await second.close();
});

test('a change set that was being made is finished after a restart', async () => {
  const first = await open({
    clock: standingClock(),
    latency: (name) => (name === 'cloudformation.changeset' ? 5000 : 0),
  });
  await createStack(first, 'shop', { Resources: { A: topic() } });
  await atRest(first, 'shop');
  await first.client.send(
    new CreateChangeSetCommand({
      ...{ StackName: 'shop', ChangeSetName: 'one' },
      TemplateBody: JSON.stringify({ Resources: { A: topic({ DisplayName: 'b' }) } }),
    }),
  );
  const look = new DescribeChangeSetCommand({ StackName: 'shop', ChangeSetName: 'one' });
  expect((await first.client.send(look)).Status).toMatch(/CREATE_(PENDING|IN_PROGRESS)/);
  await first.close();
  const second = await open();
  while ((await second.client.send(look)).Status !== 'CREATE_COMPLETE') await turn();
  expect((await second.client.send(look)).Changes).toHaveLength(1);
  await second.close();
});
