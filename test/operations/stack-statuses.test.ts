import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { cloudFormationStackDeployer } from '../../functions/adapters/aws/stack-deployer.ts';
import type { Callback } from '../../functions/domain/callback.ts';
import { cloudFormationStatuses } from '../../functions/domain/cloudformation-status.ts';
import { readTruth } from '../../functions/operations/read-truth.ts';
import { stackCreate } from '../../functions/operations/stack-create.ts';
import { stackWait } from '../../functions/operations/stack-wait.ts';
import type { StackDeployer } from '../../functions/ports.ts';
import type { FakeExecution } from '../support/fake-machines.ts';
import { claimedDeployment, memorySlipway } from '../support/memory-slipway.ts';

/** Met before the plan: waited for; taken as it is; deleted first, then made; made; or the deployment fails. */
type Met = 'waits' | 'goes on' | 'deletes, makes' | 'makes' | 'fails';
/** The last status of an update of ours. */
type Ended = 'waits' | 'DONE' | 'FAILED';

/** The table of the requirement that every status has a meaning, wherever it is met. */
const table: Readonly<Record<string, readonly [Met, Ended]>> = {
  CREATE_IN_PROGRESS: ['waits', 'waits'],
  UPDATE_IN_PROGRESS: ['waits', 'waits'],
  IMPORT_IN_PROGRESS: ['waits', 'waits'],
  DELETE_IN_PROGRESS: ['waits', 'waits'],
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: ['waits', 'waits'],
  IMPORT_ROLLBACK_IN_PROGRESS: ['waits', 'waits'],
  ROLLBACK_IN_PROGRESS: ['waits', 'waits'],
  UPDATE_ROLLBACK_IN_PROGRESS: ['waits', 'waits'],
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: ['waits', 'waits'],
  CREATE_COMPLETE: ['goes on', 'DONE'],
  UPDATE_COMPLETE: ['goes on', 'DONE'],
  IMPORT_COMPLETE: ['goes on', 'DONE'],
  UPDATE_ROLLBACK_COMPLETE: ['goes on', 'FAILED'],
  REVIEW_IN_PROGRESS: ['deletes, makes', 'FAILED'],
  ROLLBACK_COMPLETE: ['deletes, makes', 'FAILED'],
  DELETE_COMPLETE: ['makes', 'FAILED'],
  IMPORT_ROLLBACK_COMPLETE: ['fails', 'FAILED'],
  CREATE_FAILED: ['fails', 'FAILED'],
  ROLLBACK_FAILED: ['fails', 'FAILED'],
  DELETE_FAILED: ['fails', 'FAILED'],
  UPDATE_FAILED: ['fails', 'FAILED'],
  UPDATE_ROLLBACK_FAILED: ['fails', 'FAILED'],
  IMPORT_ROLLBACK_FAILED: ['fails', 'FAILED'],
};

const id = 'arn:aws:cloudformation:eu-central-1:000000000000:stack/prod-shop/1';
const clock = { now: () => new Date(), sleep: async () => undefined };

/** CloudFormation with one stack at a status, whose last operation carried this token. */
const standingAt = (status: string, token = 'console') => {
  const client = new CloudFormationClient({ region: 'eu-central-1' });
  const mock = mockClient(client);
  const stack = { StackId: id, StackName: 'prod-shop', StackStatus: status as never, CreationTime: new Date() };
  mock.on(DescribeStacksCommand).resolves({ Stacks: [{ ...stack, StackStatusReason: 'as AWS says' }] });
  const event = (ResourceStatus: string, PhysicalResourceId: string, ClientRequestToken: string) => ({
    ...{ StackId: id, StackName: 'prod-shop', EventId: '', Timestamp: new Date(), ClientRequestToken },
    ...{ LogicalResourceId: 'Service', ResourceType: 'AWS::ECS::Service', PhysicalResourceId },
    ...{ ResourceStatus: ResourceStatus as never, ResourceStatusReason: 'quota of tasks reached' },
  });
  // Only somebody else's operation can delete a stack, under a token of their own.
  const last = event(status, id, status.startsWith('DELETE_') ? 'console' : token);
  mock.on(DescribeStackEventsCommand).resolves({
    StackEvents: [last, event('UPDATE_FAILED', 'web', token), event('UPDATE_IN_PROGRESS', id, token)],
  });
  return cloudFormationStackDeployer(client, clock, undefined);
};

const met = async (status: string): Promise<readonly [Met, unknown]> => {
  const slipway = await memorySlipway();
  const ids = await claimedDeployment(slipway);
  const { arn: executionArn } = await slipway.machines.port.start('deployment', 'd-1-1', ids);
  const done: string[] = [];
  const stacks: StackDeployer = {
    ...standingAt(status),
    operation: async () => ({ kind: done.includes('makes') ? 'running' : 'unknown' }),
    remove: async () => {
      done.push('deletes');
    },
    createEmpty: async () => {
      done.push('makes');
    },
  };
  const ports = { ...slipway.ports, inCluster: () => ({ ...slipway.ports.inCluster({} as never), stacks }) };
  const attempt = () => slipway.machines.await(slipway.machines.executions[0] as FakeExecution);
  const [waiting, creating] = [attempt(), attempt()];
  const pending = { ok: undefined };
  await stackWait(ports, { ...ids, taskToken: waiting.taskToken, executionArn });
  if ((await Promise.race([waiting.end, pending])).ok === undefined) return ['waits', pending];
  await stackCreate(ports, { ...ids, taskToken: creating.taskToken });
  const answer = await Promise.race([creating.end, pending]);
  if (answer.ok === false) return ['fails', answer];
  return [(done.join(', ') || 'goes on') as Met, answer];
};

const ended = async (status: string) => {
  const slipway = await memorySlipway();
  const callback: Callback = {
    ...{ token: 't1', taskToken: 'tt', deploymentId: 'd-1', stackName: 'prod-shop', environment: 'prod', fence: 1 },
    ...{ step: 'VersionMigrate', attempt: 1, status: 'CALLED', waitsFor: { kind: 'stack-operation', goal: 'UPDATE' } },
    ...{ createdAt: new Date().toISOString(), touchedAt: new Date().toISOString() },
  };
  const aws = { ...slipway.ports.inCluster({} as never), stacks: standingAt(status, 't1') };
  return readTruth(slipway.ports, callback, aws);
};

test('every status of CloudFormation stands in the table, and nothing else does', () => {
  expect(Object.keys(table).sort()).toEqual([...cloudFormationStatuses].sort());
});

test.each(Object.entries(table))('F1: %s met before the plan: %j', async (status, [expected]) => {
  const [what, answer] = await met(status);
  expect(what).toBe(expected);
  if (what === 'fails') {
    const cause = `CloudFormation stack prod-shop stands at ${status} and takes no update: as AWS says`;
    expect(answer).toMatchObject({ error: 'StackUnusable', cause });
  }
});

test.each(Object.entries(table))(
  'F8: %s as the last status of an operation of ours: %j',
  async (status, [, expected]) => {
    const outcome = await ended(status);
    expect(outcome === undefined ? 'waits' : outcome.ok ? 'DONE' : 'FAILED').toBe(expected);
    if (outcome?.ok !== false) return;
    const why =
      status === 'DELETE_COMPLETE' ? 'Somebody deleted the stack' : 'Service (AWS::ECS::Service): quota of tasks';
    expect(outcome).toMatchObject({ error: 'StackFailed', cause: expect.stringContaining(`ended ${status}: ${why}`) });
  },
);
