import { expect, test } from '@jest/globals';
import { dispatchStack } from '../../functions/operations/dispatch-stack.ts';
import { pgMigrate } from '../../functions/operations/pg-migrate.ts';
import { sweep } from '../../functions/operations/sweep.ts';
import { terminateDeployment } from '../../functions/operations/terminate-deployment.ts';
import type { FakeExecution } from '../support/fake-machines.ts';
import {
  aRelease,
  claimedDeployment,
  type MemoryPorts,
  memorySlipway,
  repository,
  storeEvaluation,
  storeRelease,
} from '../support/memory-slipway.ts';
import { aDeployment, anEntry, reason, triggered } from '../support/records.ts';

const STACK = 'prod-shop';

/** d-1 holds the stack and runs; d-2 and d-3 wait behind it. */
const queued = async () => {
  const slipway = await memorySlipway();
  const { ports, machines } = slipway;
  const ids = await claimedDeployment(slipway);
  const { arn: executionArn } = await machines.port.start('deployment', 'd-1-1', ids);
  await ports.deployments.apply('d-1', { type: 'StackWaitStarted', executionArn });
  for (const n of [2, 3]) await enqueued(ports, n);
  return { ...slipway, ids, terminate: (deploymentId: string, actor = 'bob') => end(ports, deploymentId, actor) };
};

const enqueued = async (ports: MemoryPorts, n: number) => {
  await storeRelease(ports, aRelease(n));
  const source = { kind: 'manual', repository, commit: `v${n}` } as const;
  await ports.deployments.create(aDeployment({ id: `d-${n}`, release: `r${n}`, source }));
  await ports.stacks.apply(STACK, triggered(anEntry(`d-${n}`)), { environment: 'prod', application: 'shop' });
};

const end = (ports: MemoryPorts, deploymentId: string, actor = 'bob') =>
  terminateDeployment(ports, { deploymentId, actor });

const queueOf = async ({ stacks }: MemoryPorts) =>
  (await stacks.find(STACK))?.queue.map(({ deploymentId }) => deploymentId);

test('one that is queued leaves the queue, and the one that runs is left alone', async () => {
  const { ports, machines, terminate } = await queued();
  const before = await ports.deployments.find('d-1');
  const answer = await terminate('d-2');
  expect(answer).toMatchObject({
    kind: 'ended',
    deployment: { id: 'd-2', status: 'TERMINATED', reason: { message: 'bob asked to end this deployment' } },
  });
  expect(await queueOf(ports)).toEqual(['d-3']);
  expect(await ports.stacks.find(STACK)).toMatchObject({ current: { deploymentId: 'd-1' } });
  expect(await ports.deployments.find('d-1')).toEqual(before);
  expect(machines.executions.map(({ name }) => name)).toEqual(['d-1-1']);
  expect(await terminate('d-2', 'eve')).toEqual(answer);
});

test('GitHub and the audit are told who asked, once however often it is asked', async () => {
  const { ports, terminate } = await queued();
  const told: string[] = [];
  const deploymentStatus = async (_repository: unknown, _id: number, state: string, description: string) => {
    told.push(`${state}: ${description}`);
  };
  const listening = { ...ports, reporter: { ...ports.reporter, deploymentStatus } };
  for (const actor of ['bob', 'eve']) await end(listening, 'd-2', actor);
  expect(told).toEqual(['error: prod: terminated, bob asked to end this deployment']);
  await terminate('d-1');
  await terminate('d-1', 'eve');
  for (const id of ['d-2', 'd-1'])
    expect(await ports.events.list(`deployment/${id}`, 5)).toMatchObject([{ type: 'Cancelled', actor: 'bob' }]);
  expect(await ports.events.list(`stack/${STACK}`, 5)).toMatchObject([
    { detail: { deploymentId: 'd-1' } },
    { detail: { deploymentId: 'd-2' } },
  ]);
});

test('one that ended before says how, and is not changed; one that nobody knows is unknown', async () => {
  const { ports, terminate } = await queued();
  await ports.deployments.apply('d-1', { type: 'Failed', reason });
  const before = await ports.deployments.find('d-1');
  expect(await terminate('d-1')).toEqual({ kind: 'ended', deployment: before });
  expect(await ports.deployments.find('d-1')).toEqual(before);
  expect(await ports.events.list('deployment/d-1', 5)).toEqual([]);
  expect(await terminate('d-9')).toEqual({ kind: 'unknown', reason: 'There is no deployment d-9' });
});

test('what waits is told; its callback stays open, because what it stands for goes on', async () => {
  const slipway = await queued();
  const { ports, machines, tasks, ids, terminate } = slipway;
  await storeEvaluation(slipway, ids, 1);
  const { taskToken, end: told } = machines.await(machines.executions[0] as FakeExecution);
  await pgMigrate(ports, { ...ids, database: 'main', taskToken });
  expect(await terminate('d-1')).toMatchObject({ kind: 'ending', deployment: { cancelledBy: 'bob' } });
  expect(await told).toEqual({ ok: false, error: 'Cancelled', cause: 'bob asked to end this deployment' });
  expect(await ports.callbacks.listOpen()).toMatchObject([{ step: 'PGMigrate.main', status: 'CALLED' }]);
  expect(tasks.running()).toHaveLength(1);
});

test('a function that is at its call is not overtaken: its state is failed when the call is known to be over', async () => {
  const slipway = await queued();
  const { ports, machines, ids, terminate } = slipway;
  await storeEvaluation(slipway, ids, 1);
  const { taskToken, end: told } = machines.await(machines.executions[0] as FakeExecution);
  const markCalled: typeof ports.callbacks.markCalled = async (token) => {
    await terminate('d-1');
    expect(await machines.port.find(machines.executions[0]?.arn ?? '')).toEqual({ status: 'RUNNING' });
    told.then(() => answered.push('told'));
    await new Promise(setImmediate);
    expect(answered).toEqual([]);
    await ports.callbacks.markCalled(token);
  };
  const answered: string[] = [];
  await pgMigrate({ ...ports, callbacks: { ...ports.callbacks, markCalled } }, { ...ids, database: 'main', taskToken });
  expect(await told).toMatchObject({ error: 'Cancelled' });
});

test('a termination that died half way is finished by the sweeper', async () => {
  const slipway = await queued();
  const { ports, machines, ids } = slipway;
  await storeEvaluation(slipway, ids, 1);
  const { taskToken, end: told } = machines.await(machines.executions[0] as FakeExecution);
  await pgMigrate(ports, { ...ids, database: 'main', taskToken });
  const died = async () => {
    throw new Error('killed');
  };
  const dying = { ...ports, events: { ...ports.events, append: died } };
  for (const id of ['d-1', 'd-2']) await expect(end(dying, id)).rejects.toThrow('killed');
  expect(await ports.deployments.find('d-2')).toMatchObject({ status: 'QUEUED', cancelledBy: 'bob' });
  expect(await sweep(ports)).toEqual({ repairs: 2 });
  expect(await told).toMatchObject({ error: 'Cancelled' });
  expect(await ports.deployments.find('d-2')).toMatchObject({ status: 'TERMINATED' });
  expect(await queueOf(ports)).toEqual(['d-3']);
  expect(await sweep(ports)).toEqual({ repairs: 0 });
});

test('one that is claimed but has not begun ends without a run, and the next one has the stack', async () => {
  const { ports, machines } = await memorySlipway();
  for (const n of [1, 2]) await enqueued(ports, n);
  await ports.stacks.apply(STACK, { type: 'Claimed', deploymentId: 'd-1' });
  expect(await end(ports, 'd-1')).toMatchObject({ kind: 'ended', deployment: { status: 'TERMINATED' } });
  expect(await ports.stacks.find(STACK)).toMatchObject({ current: { deploymentId: 'd-2', fence: 2 }, queue: [] });
  expect(machines.executions.map(({ name }) => name)).toEqual(['d-2-2']);
});

test.each(['noted', 'claimed'])('a dispatcher that meets one that was just %s lets it go', async (when) => {
  const { ports, machines } = await memorySlipway();
  for (const n of [1, 2]) await enqueued(ports, n);
  if (when === 'claimed') await ports.stacks.apply(STACK, { type: 'Claimed', deploymentId: 'd-1' });
  await ports.deployments.note('d-1', { cancelledBy: 'bob', cancelledAt: '2026-08-01T10:00:00.000Z' });
  expect(await dispatchStack(ports, { stackName: STACK })).toEqual({ outcome: 'STARTED', deploymentId: 'd-2' });
  expect(await ports.deployments.find('d-1')).toMatchObject({ status: 'TERMINATED', reason: { code: 'Cancelled' } });
  expect(machines.executions.map(({ input }) => input)).toMatchObject([{ deploymentId: 'd-2' }]);
});

test('one that is triggered, but was never started, is started to be settled by its own execution', async () => {
  const slipway = await memorySlipway();
  await claimedDeployment(slipway);
  expect(await end(slipway.ports, 'd-1')).toMatchObject({ kind: 'ending' });
  await end(slipway.ports, 'd-1');
  expect(slipway.machines.executions.map(({ name }) => name)).toEqual(['d-1-1']);
});

test('the last one of a queue leaves a stack that is free', async () => {
  const { ports } = await memorySlipway();
  await enqueued(ports, 1);
  await end(ports, 'd-1');
  expect(await ports.stacks.find(STACK)).toMatchObject({ status: 'AVAILABLE', queue: [] });
});
