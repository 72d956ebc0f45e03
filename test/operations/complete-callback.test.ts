import { expect, test } from '@jest/globals';
import type { Callback } from '../../functions/domain/callback.ts';
import { completeCallback } from '../../functions/operations/complete-callback.ts';
import { completeCallback as complete } from '../../functions/operations/complete-step.ts';
import type { ClusterPorts } from '../../functions/ports.ts';
import { claimedDeployment, memorySlipway } from '../support/memory-slipway.ts';
import { aCallback } from '../support/records.ts';
import { sampleCluster } from '../support/sample-configuration.ts';

const task = { kind: 'task', database: 'main', container: 'migrate', deadlineAt: '2099-01-01T00:00:00.000Z' } as const;

/** Callbacks that wait, and what of the world is asked when an event arrives. */
const waiting = async (...wanted: readonly Partial<Callback>[]) => {
  const slipway = await memorySlipway();
  const { ports } = slipway;
  const claim = await claimedDeployment(slipway);
  const aws = ports.inCluster(sampleCluster());
  const asked: string[] = [];
  const stacks: ClusterPorts['stacks'] = {
    ...aws.stacks,
    operation: async (_stack, token) => {
      asked.push(`operation ${token}`);
      return { kind: 'running' };
    },
    find: async () => {
      asked.push('stack');
      return undefined;
    },
  };
  const startedBy: ClusterPorts['tasks']['startedBy'] = async (token) => {
    asked.push(`task ${token}`);
    return [];
  };
  for (const given of wanted) {
    const callback = aCallback({ ...claim, environment: 'prod', ...given });
    await ports.callbacks.intend(callback);
    await ports.callbacks.markCalled(callback.token);
  }
  const cluster: ClusterPorts = { ...aws, stacks, tasks: { ...aws.tasks, startedBy } };
  return { ports: { ...ports, inCluster: () => cluster }, asked, stackName: claim.stackName };
};

const stackEvent = (stackName: string, token: string) => ({
  source: 'aws.cloudformation',
  'detail-type': 'CloudFormation Stack Status Change',
  detail: {
    'stack-id': `arn:aws:cloudformation:eu-west-1:000000000000:stack/${stackName}/1`,
    'status-details': { status: 'UPDATE_COMPLETE' },
    'client-request-token': token,
  },
});

test('an event of a stack has nothing looked at that no stack can end', async () => {
  const { ports, asked, stackName } = await waiting(
    { token: 't-migrate', step: 'PGMigrate.main', waitsFor: task },
    { token: 't-approval', step: 'AwaitApproval', waitsFor: { kind: 'approval', planHash: 'h' } },
    { token: 't-update', waitsFor: { kind: 'stack-operation', goal: 'UPDATE' } },
  );
  await completeCallback(ports, stackEvent(stackName, 'Console-Update-1'));
  expect(asked).toEqual(['operation t-update']);
});

test('what a stopped task can end beside its own wait is the rest of its deployment alone', async () => {
  const { ports, asked } = await waiting(
    { token: 't-migrate', step: 'PGMigrate.main', waitsFor: task },
    { token: 't-update', waitsFor: { kind: 'stack-operation', goal: 'UPDATE' } },
    { token: 't-rest', step: 'Rest', waitsFor: { kind: 'rest', tokens: [] } },
  );
  const detail = { lastStatus: 'STOPPED', startedBy: 't-migrate', group: 'family:migrate' };
  const event = { source: 'aws.ecs', 'detail-type': 'ECS Task State Change', detail };
  // The read lags behind the event, so it is to be delivered again.
  await expect(completeCallback(ports, event)).rejects.toMatchObject({ name: 'Unavailable' });
  expect(asked.filter((what) => what !== 'stack')).toEqual(['task t-migrate']);
});

test('an outcome that was told to the very task token that waits is not told again, one for a newer token is', async () => {
  const { ports } = await waiting({ token: 't-update', waitsFor: { kind: 'stack-operation', goal: 'UPDATE' } });
  const told: string[] = [];
  const succeed = async (taskToken: string) => {
    told.push(taskToken);
    return true;
  };
  const world = { ...ports, machines: { ...ports.machines, succeed } };
  const callback = await ports.callbacks.find('t-update');
  if (!callback) throw new Error('nothing waits');
  const outcome = { ok: true, output: {} } as const;
  expect(await complete(world, callback, outcome)).toBe(true);
  expect(await complete(world, callback, outcome)).toBe(false);
  expect(told).toEqual([callback.taskToken]);
  expect(await complete(world, { ...callback, taskToken: 'newer' }, outcome)).toBe(true);
  expect(told).toContain('newer');
});

test('a probe of the doctor is written down, moves nothing, and one that is not of our making is passed over', async () => {
  const { ports, asked } = await waiting({ token: 't-update', waitsFor: { kind: 'stack-operation', goal: 'UPDATE' } });
  const probe = (detail: Readonly<Record<string, unknown>>) =>
    completeCallback(ports, { source: 'slipway.doctor', 'detail-type': 'Slipway Doctor Probe', detail });
  await probe({ nonce: 'nonce-01', cluster: 'main' });
  await probe({ nonce: '../../x', cluster: 'main' });
  await probe({ nonce: 'nonce-02' });
  expect(await ports.events.list('doctor/nonce-01', 10)).toMatchObject([
    { subject: 'doctor/nonce-01', type: 'ProbeArrived', detail: { cluster: 'main' } },
  ]);
  expect(await ports.events.list('doctor/nonce-02', 10)).toEqual([]);
  expect(asked).toEqual([]);
});
