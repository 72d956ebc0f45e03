import { expect, test } from '@jest/globals';
import { approveDeployment } from '../../functions/operations/approve-deployment.ts';
import type { FakeExecution } from '../support/fake-machines.ts';
import { claimedDeployment, memorySlipway } from '../support/memory-slipway.ts';
import { aCallback } from '../support/records.ts';

/** A deployment whose plan waits for a person. */
const waiting = async () => {
  const slipway = await memorySlipway();
  const { ports, machines } = slipway;
  const ids = await claimedDeployment(slipway);
  const { arn: executionArn } = await machines.port.start('deployment', 'd-1-1', ids);
  await ports.deployments.apply('d-1', { type: 'StackWaitStarted', executionArn });
  const { taskToken, end } = machines.await(machines.executions[0] as FakeExecution);
  const waitsFor = { kind: 'approval', planHash: 'hash-1' } as const;
  await ports.callbacks.intend(aCallback({ token: 't-a', taskToken, step: 'AwaitApproval', waitsFor }));
  await ports.callbacks.markCalled('t-a');
  const answer = (more: object = {}) =>
    approveDeployment(ports, { deploymentId: 'd-1', hash: 'hash-1', actor: 'bob', granted: true, ...more });
  return { ...slipway, end, answer };
};

test('a signature over the plan that waits lets it run, and is on record', async () => {
  const { answer, end, ports } = await waiting();
  expect(await answer()).toEqual({ kind: 'answered' });
  expect(await end).toEqual({ ok: true, output: { approvedBy: 'bob' } });
  expect(await ports.deployments.find('d-1')).toMatchObject({
    approval: { actor: 'bob', hash: 'hash-1', granted: true, at: expect.stringMatching(/^2026-08-01T10:00/) },
    steps: { AwaitApproval: { status: 'DONE', outputs: { approvedBy: 'bob' } } },
  });
});

test('a plan that is refused fails its step, with who refused it', async () => {
  const { answer, end, ports } = await waiting();
  expect(await answer({ granted: false })).toEqual({ kind: 'answered' });
  expect(await end).toEqual({ ok: false, error: 'Refused', cause: 'bob refused the plan' });
  expect(await ports.deployments.find('d-1')).toMatchObject({
    approval: { granted: false },
    steps: { AwaitApproval: { status: 'FAILED', reason: { code: 'Refused' } } },
  });
});

test('a signature over another plan signs nothing', async () => {
  const { answer, ports } = await waiting();
  expect(await answer({ hash: 'hash-0' })).toEqual({
    kind: 'refused',
    reason: 'The plan that waits has the hash hash-1, not hash-0: read it again',
  });
  expect((await ports.deployments.find('d-1'))?.approval).toBeUndefined();
  expect((await ports.callbacks.find('t-a'))?.status).toBe('CALLED');
});

test('an answer that comes after another one finds nobody waiting', async () => {
  const { answer, ports } = await waiting();
  await answer();
  expect(await answer({ actor: 'eve', granted: false })).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('waits for no approval'),
  });
  expect((await ports.deployments.find('d-1'))?.approval).toMatchObject({ actor: 'bob', granted: true });
});

test('a deployment that waits for something else, and one that is not there, cannot be answered', async () => {
  const { answer, ports } = await waiting();
  await ports.callbacks.complete('t-a', { ok: true, output: {} });
  await ports.callbacks.markTold('t-a');
  await ports.callbacks.intend(aCallback({ token: 't-b' }));
  expect(await answer()).toMatchObject({
    kind: 'refused',
    reason: 'Deployment d-1 is WAITING and waits for no approval',
  });
  expect(await answer({ deploymentId: 'd-9' })).toEqual({ kind: 'refused', reason: 'There is no deployment d-9' });
});

test('a deployment that somebody asked to end is not signed any more', async () => {
  const { ports, answer } = await waiting();
  await ports.deployments.note('d-1', { cancelledBy: 'eve' });
  expect(await answer()).toEqual({ kind: 'refused', reason: 'eve asked to end deployment d-1' });
  expect((await ports.deployments.find('d-1'))?.approval).toBeUndefined();
});

test('the approval of another deployment of the same stack is not answered by mistake', async () => {
  const { ports, answer } = await waiting();
  const waitsFor = { kind: 'approval', planHash: 'hash-2' } as const;
  await ports.callbacks.intend(
    aCallback({ token: 't-0', deploymentId: 'd-0', waitsFor, createdAt: '2026-01-01T00:00:00Z' }),
  );
  expect(await answer()).toEqual({ kind: 'answered' });
  expect((await ports.callbacks.find('t-0'))?.outcome).toBeUndefined();
});
