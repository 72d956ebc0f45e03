import { expect, test } from '@jest/globals';
import type { AwsEvent } from '../../functions/domain/aws-event.ts';
import type { Awaited, Callback } from '../../functions/domain/callback.ts';
import { StepFailure } from '../../functions/domain/failure.ts';
import type { Release } from '../../functions/domain/release.ts';
import { completeCallback } from '../../functions/operations/complete-callback.ts';
import { pgMigrate } from '../../functions/operations/pg-migrate.ts';
import { runWaitingStep, type WaitingStep } from '../../functions/operations/run-waiting-step.ts';
import { stackWait } from '../../functions/operations/stack-wait.ts';
import { sweep } from '../../functions/operations/sweep.ts';
import type { FakeExecution } from '../support/fake-machines.ts';
import type { Fate } from '../support/fake-tasks.ts';
import {
  aRelease,
  claimedDeployment,
  type MemoryOptions,
  memorySlipway,
  storeEvaluation,
  withSidecar,
} from '../support/memory-slipway.ts';

const update: Awaited = { kind: 'stack-operation', goal: 'UPDATE' };

/** A deployment that runs, and what its steps need. */
const started = async (options: MemoryOptions = {}, release: Partial<Release> = {}) => {
  const events: AwsEvent[] = [];
  const slipway = await memorySlipway({ onEvent: (event) => events.push(event), ...options });
  const ids = await claimedDeployment(slipway, 1, { release });
  const { ports, machines, stacks, tasks } = slipway;
  const { arn: executionArn } = await machines.port.start('deployment', 'd-1-1', ids);
  const execution = machines.executions[0] as FakeExecution;
  await ports.deployments.apply(ids.deploymentId, { type: 'StackWaitStarted', executionArn });
  await storeEvaluation(slipway, ids, 1);
  const ends = () => {
    for (const end of [...stacks.underWay(), ...tasks.underWay()]) end();
  };
  return {
    ...slipway,
    ids,
    events,
    /** A new try of the state: its task token, and its answer once there is one. */
    attempt: () => {
      const { taskToken, end } = machines.await(execution);
      const answered: { end?: unknown } = {};
      void end.then((answer) => Object.assign(answered, { end: answer }));
      return { input: { ...ids, taskToken }, migrate: { ...ids, database: 'main', taskToken }, answered };
    },
    /** Everything under way ends, and the last event of it arrives. */
    endAndTell: async () => {
      ends();
      await completeCallback(ports, events.at(-1) as AwsEvent);
    },
    ends,
    callback: async (): Promise<Callback | undefined> => (await ports.callbacks.listOpen()).at(-1),
    step: async (name: string) => (await ports.deployments.find(ids.deploymentId))?.steps[name],
  };
};

const moving = (more: Partial<WaitingStep> = {}): WaitingStep => ({
  word: 'VersionMigrate',
  awaits: () => update,
  call: async ({ aws, input }, token) => {
    await aws.stacks.createEmpty(input.stackName, token);
    return 'called';
  },
  ...more,
});

test('a callback is INTENDED before the call, CALLED after it, and open until the machine has its answer', async () => {
  const slipway = await started();
  const { input, answered } = slipway.attempt();
  const seen: unknown[] = [];
  const step = moving({
    call: async ({ aws }, token) => {
      seen.push((await slipway.ports.callbacks.find(token))?.status, (await slipway.step('VersionMigrate'))?.status);
      await aws.stacks.createEmpty('prod-shop', token);
      return 'called';
    },
  });
  await runWaitingStep(slipway.ports, input, step);
  expect(seen).toEqual(['INTENDED', 'ACTIVE']);
  expect(await slipway.callback()).toMatchObject({ status: 'CALLED', taskToken: input.taskToken });
  expect(answered.end).toBeUndefined();
  await slipway.endAndTell();
  expect(answered.end).toMatchObject({ ok: true, output: { status: 'CREATE_COMPLETE' } });
  expect(await slipway.step('VersionMigrate')).toMatchObject({ status: 'DONE' });
  expect(await slipway.callback()).toBeUndefined();
});

test('what has ended before the call returned is seen by the one look after it', async () => {
  const slipway = await started();
  const { input, answered } = slipway.attempt();
  const step = moving({
    call: async (context, token, waitsFor) => {
      const called = await moving().call(context, token, waitsFor);
      slipway.ends();
      return called;
    },
  });
  await runWaitingStep(slipway.ports, input, step);
  expect(answered.end).toMatchObject({ ok: true });
});

test('an event that overtakes the answer of the call ends the step, once', async () => {
  const slipway = await started();
  const { input, answered } = slipway.attempt();
  const step = moving({
    call: async (context, token, waitsFor) => {
      await moving().call(context, token, waitsFor);
      await slipway.endAndTell();
      expect(answered.end).toMatchObject({ ok: true });
      return 'called';
    },
  });
  await runWaitingStep(slipway.ports, input, step);
  expect(await slipway.step('VersionMigrate')).toMatchObject({ status: 'DONE' });
  expect(await slipway.callback()).toBeUndefined();
});

test('F6, F22: a retry brings a new task token to the same outward token, and the effect is not repeated', async () => {
  const begun: string[] = [];
  const slipway = await started({ onTask: (token) => begun.push(token) });
  const [first, second] = [slipway.attempt(), slipway.attempt()];
  await pgMigrate(slipway.ports, first.migrate);
  await pgMigrate(slipway.ports, second.migrate);
  expect(begun).toHaveLength(1);
  expect(await slipway.callback()).toMatchObject({ token: begun[0], taskToken: second.input.taskToken });
  await slipway.endAndTell();
  expect(second.answered.end).toMatchObject({ ok: true, output: { applied: '1' } });
});

test('a retry after the end finds the stored outcome, tells it to the newer task token and calls nobody', async () => {
  const begun: string[] = [];
  const slipway = await started({ onTask: (token) => begun.push(token) });
  await pgMigrate(slipway.ports, slipway.attempt().migrate);
  await slipway.endAndTell();
  const again = slipway.attempt();
  await pgMigrate(slipway.ports, again.migrate);
  expect(again.answered.end).toMatchObject({ ok: true });
  expect(begun).toHaveLength(1);
});

test.each<[string, Fate]>([
  ['LockTimeout', 'lock-timeout'],
  ['HostGone', 'host-gone'],
  ['SidecarUnreachable', 'unreached'],
])('after %s the next try is an attempt of its own, under another outward token', async (error, fate) => {
  const begun: string[] = [];
  const fates: Fate[] = [fate, 'applies'];
  const slipway = await started(
    { onTask: (token) => begun.push(token), fate: () => fates.shift() ?? 'fails' },
    withSidecar(aRelease(1)),
  );
  const [first, second] = [slipway.attempt(), slipway.attempt()];
  await pgMigrate(slipway.ports, first.migrate);
  await slipway.endAndTell();
  expect(first.answered.end).toMatchObject({ ok: false, error });
  await pgMigrate(slipway.ports, second.migrate);
  await slipway.endAndTell();
  expect(second.answered.end).toMatchObject({ ok: true });
  expect(new Set(begun).size).toBe(2);
  expect(slipway.tasks.applied).toEqual(['1']);
});

test('a step that is cancelled before its call does not make it', async () => {
  const slipway = await started();
  const { ports, ids } = slipway;
  const intend: typeof ports.callbacks.intend = async (callback) => {
    await ports.deployments.note(ids.deploymentId, { cancelledBy: 'bob' });
    return ports.callbacks.intend(callback);
  };
  const { input, answered } = slipway.attempt();
  const call = async () => {
    throw new Error('it was called');
  };
  await expect(
    runWaitingStep({ ...ports, callbacks: { ...ports.callbacks, intend } }, input, moving({ call })),
  ).rejects.toMatchObject({ name: 'Cancelled', message: 'bob asked to end this deployment' });
  expect([answered.end, (await slipway.callback())?.status]).toEqual([undefined, 'INTENDED']);
});

test('a step that is cancelled while it calls waits no longer, and leaves what it began to Rest', async () => {
  const slipway = await started();
  const { input, answered } = slipway.attempt();
  const step = moving({
    call: async (context, token) => {
      const called = await moving().call(context, token, update);
      await slipway.ports.deployments.note(slipway.ids.deploymentId, { cancelledBy: 'bob' });
      return called;
    },
  });
  await runWaitingStep(slipway.ports, input, step);
  expect(answered.end).toMatchObject({ ok: false, error: 'Cancelled' });
  expect(await slipway.callback()).toMatchObject({ status: 'CALLED' });
});

test('a read that lags behind its event throws, so that the event comes again', async () => {
  const slipway = await started();
  const { input, answered } = slipway.attempt();
  await runWaitingStep(slipway.ports, input, moving());
  slipway.ends();
  const event = slipway.events.at(-1) as AwsEvent;
  const aws = slipway.ports.inCluster({ name: 'main' } as never);
  const lagging = { ...aws, stacks: { ...aws.stacks, operation: async () => ({ kind: 'running' }) as const } };
  const ports = { ...slipway.ports, inCluster: () => lagging };
  await expect(completeCallback(ports, event)).rejects.toMatchObject({ name: 'Unavailable' });
  expect(answered.end).toBeUndefined();
  await completeCallback(slipway.ports, event);
  expect(answered.end).toMatchObject({ ok: true });
});

test('an outcome that was stored but never told is told by the sweeper', async () => {
  const slipway = await started();
  const { input, answered } = slipway.attempt();
  await runWaitingStep(slipway.ports, input, moving());
  slipway.ends();
  const silent = async () => {
    throw new Error('Step Functions does not answer');
  };
  const ports = { ...slipway.ports, machines: { ...slipway.ports.machines, succeed: silent } };
  await expect(completeCallback(ports, slipway.events.at(-1) as AwsEvent)).rejects.toThrow('does not answer');
  expect([answered.end, (await slipway.callback())?.status]).toEqual([undefined, 'COMPLETED']);
  expect(await sweep(slipway.ports)).toEqual({ repairs: 1 });
  expect(answered.end).toMatchObject({ ok: true });
  expect(await sweep(slipway.ports)).toEqual({ repairs: 0 });
});

test('an event that was lost is made up for by the sweeper, and counted', async () => {
  const slipway = await started();
  const { input, answered } = slipway.attempt();
  await runWaitingStep(slipway.ports, input, moving());
  expect(await sweep(slipway.ports)).toEqual({ repairs: 0 });
  slipway.ends();
  expect(await sweep(slipway.ports)).toEqual({ repairs: 1 });
  expect(answered.end).toMatchObject({ ok: true });
  expect(slipway.counted).toMatchObject({ SweeperRepairs: 1 });
});

test('a call of which nobody knows whether it was made is failed for a retry once its function is dead, never completed', async () => {
  const slipway = await started();
  const { input, answered } = slipway.attempt();
  const fault = async () => {
    throw new Error('killed');
  };
  await expect(runWaitingStep(slipway.ports, input, moving({ call: fault }))).rejects.toThrow('killed');
  await sweep(slipway.ports);
  expect([answered.end, (await slipway.callback())?.status]).toEqual([undefined, 'INTENDED']);
  slipway.advance(91_000);
  await sweep(slipway.ports);
  expect(answered.end).toMatchObject({ ok: false, error: 'Interrupted' });
  expect(await slipway.callback()).toMatchObject({ status: 'INTENDED' });
  const again = slipway.attempt();
  await runWaitingStep(slipway.ports, again.input, moving());
  await slipway.endAndTell();
  expect(again.answered.end).toMatchObject({ ok: true });
});

test('the end of what somebody else did to the stack does not end a wait whose call was not made yet', async () => {
  const slipway = await started();
  const { input, answered } = slipway.attempt();
  const foreign = slipway.ports.inCluster({ name: 'main' } as never).stacks;
  await foreign.createEmpty('prod-shop', 'somebody');
  slipway.ends();
  const event = slipway.events.at(-1) as AwsEvent;
  const step = moving({
    word: 'Rest',
    awaits: () => ({ kind: 'rest', tokens: [] }),
    call: async () => {
      await completeCallback(slipway.ports, event);
      expect(answered.end).toBeUndefined();
      return 'called';
    },
  });
  await runWaitingStep(slipway.ports, input, step);
  expect(answered.end).toMatchObject({ ok: true });
});

test('a refusal is an outcome like any other; a fault is thrown and leaves the wait open', async () => {
  const slipway = await started();
  const [refused, faulty] = [slipway.attempt(), slipway.attempt()];
  const refusal = async () => {
    throw new StepFailure({ code: 'OutsidePlan', message: 'the world changed' });
  };
  await runWaitingStep(slipway.ports, refused.input, moving({ call: refusal }));
  expect(refused.answered.end).toMatchObject({ ok: false, error: 'OutsidePlan', cause: 'the world changed' });
  expect(await slipway.step('VersionMigrate')).toMatchObject({ status: 'FAILED', reason: { code: 'OutsidePlan' } });
  const fault = async () => {
    throw new TypeError('a fault of ours');
  };
  await expect(runWaitingStep(slipway.ports, faulty.input, moving({ word: 'CFUpsert', call: fault }))).rejects.toThrow(
    'a fault of ours',
  );
  expect([faulty.answered.end, (await slipway.step('CFUpsert'))?.status]).toEqual([undefined, 'ACTIVE']);
});

test('an approval that was signed, but whose callback was not reached, ends the wait', async () => {
  const slipway = await started();
  const { input, answered } = slipway.attempt();
  const waits: WaitingStep = {
    word: 'AwaitApproval',
    awaits: () => ({ kind: 'approval', planHash: 'h1' }),
    call: async () => 'called',
  };
  await runWaitingStep(slipway.ports, input, waits);
  const approval = { actor: 'alice', hash: 'h1', granted: true, at: '2026-08-01T10:00:00.000Z' };
  await slipway.ports.deployments.note(slipway.ids.deploymentId, { approval });
  await sweep(slipway.ports);
  expect(answered.end).toEqual({ ok: true, output: { approvedBy: 'alice' } });
});

test('a step that serves another claim than the stack is refused before it has done anything', async () => {
  const slipway = await started();
  const { input } = slipway.attempt();
  const before = await slipway.ports.deployments.find(input.deploymentId);
  const stale = { ...input, fence: input.fence + 1, executionArn: 'arn:stale' };
  await expect(stackWait(slipway.ports, stale)).rejects.toMatchObject({ name: 'StaleFence' });
  expect(await slipway.callback()).toBeUndefined();
  expect(await slipway.ports.deployments.find(input.deploymentId)).toEqual(before);
});
