import { expect, test } from '@jest/globals';
import { enqueue } from '../../functions/operations/enqueue.ts';
import { settleDeployment } from '../../functions/operations/settle-deployment.ts';
import { sweep } from '../../functions/operations/sweep.ts';
import {
  aRelease,
  claimedDeployment,
  mainBranch,
  memorySlipway,
  repository,
  storeRelease,
} from '../support/memory-slipway.ts';
import { aDeployment, identity, reason } from '../support/records.ts';

const pushed = (n: number) =>
  aDeployment({
    id: `d-${n}`,
    release: `r${n}`,
    version: `v${n}`,
    source: { kind: 'push', repository, ref: mainBranch, before: '', after: `v${n}`, deliveryId: `delivery-${n}` },
  });

/** A deployment whose execution has said its first word. */
const running = async () => {
  const slipway = await memorySlipway();
  const { ports, machines } = slipway;
  const ids = await claimedDeployment(slipway);
  const { arn: executionArn } = await machines.port.start('deployment', `${ids.deploymentId}-${ids.fence}`, ids);
  await ports.deployments.apply(ids.deploymentId, { type: 'StackWaitStarted', executionArn });
  return {
    ...slipway,
    ids,
    names: () => machines.executions.map(({ name, status }) => `${name} ${status}`),
    end: (name: string) => {
      for (const execution of machines.executions) if (execution.name === name) machines.abort(execution);
    },
    stack: () => ports.stacks.find(ids.stackName),
  };
};

test('an execution that runs is left alone', async () => {
  const { ports, names } = await running();
  expect(await sweep(ports)).toEqual({ repairs: 0 });
  expect(names()).toEqual(['d-1-1 RUNNING']);
});

test('an execution that ended without settling is followed by one at rest, and that by another one if need be', async () => {
  const { ports, machines, names, end } = await running();
  end('d-1-1');
  expect(await sweep(ports)).toEqual({ repairs: 1 });
  expect(machines.executions.at(-1)?.input).toMatchObject({ startAtRest: true, deploymentId: 'd-1', fence: 1 });
  expect(await sweep(ports)).toEqual({ repairs: 0 });
  end('d-1-1-rest');
  expect(await sweep(ports)).toEqual({ repairs: 1 });
  expect(names()).toEqual(['d-1-1 ABORTED', 'd-1-1-rest ABORTED', 'd-1-1-rest-2 RUNNING']);
});

test('an execution that ended before its first word is brought to rest as well', async () => {
  const slipway = await memorySlipway();
  const { deploymentId, fence } = await claimedDeployment(slipway);
  await slipway.machines.port.start('deployment', `${deploymentId}-${fence}`, { startAtRest: 'nonsense' });
  for (const execution of slipway.machines.executions) slipway.machines.abort(execution);
  await sweep(slipway.ports);
  expect(slipway.machines.executions.map(({ name }) => name)).toEqual(['d-1-1', 'd-1-1-rest']);
});

test('a deployment whose end is written, but whose stack was not let go, is let go without a run', async () => {
  const { ports, ids, names, end, stack } = await running();
  await ports.deployments.apply(ids.deploymentId, { type: 'Failed', reason });
  end('d-1-1');
  expect(await sweep(ports)).toEqual({ repairs: 1 });
  expect(await stack()).toMatchObject({ status: 'AVAILABLE', settled: { deploymentId: 'd-1', fence: 1 } });
  expect(names()).toEqual(['d-1-1 ABORTED']);
});

test('an execution that serves an older claim settles nothing', async () => {
  const { ports, ids, stack } = await running();
  const before = await stack();
  const settled = await settleDeployment(ports, { ...ids, fence: ids.fence + 1, end: 'FAILED' });
  expect(settled).toMatchObject({ status: 'STALE' });
  expect(await stack()).toEqual(before);
  expect(await ports.deployments.find(ids.deploymentId)).toMatchObject({ status: 'WAITING' });
});

test('an accepted deployment that stands in no queue is queued and dispatched, once nobody can be at it any more', async () => {
  const { ports, machines, advance } = await memorySlipway();
  await storeRelease(ports, aRelease(1));
  await ports.deployments.create({ ...pushed(1), createdAt: ports.clock.now().toISOString() });
  expect(await sweep(ports)).toEqual({ repairs: 0 });
  advance(91_000);
  expect(await sweep(ports)).toEqual({ repairs: 1 });
  expect(machines.executions.map(({ name }) => name)).toEqual(['d-1-1']);
});

test('a push whose target has moved on does not join the queue behind its successor', async () => {
  const { ports } = await memorySlipway();
  await ports.deployments.create(pushed(1));
  const key = `${repository.id}/${mainBranch}/${identity.environment}/${identity.application}`;
  await ports.targets.move(key, undefined, { after: 'v2', n: 2 });
  expect(await enqueue(ports, pushed(1))).toMatchObject({ kind: 'refused', code: 'Overtaken' });
  expect(await ports.deployments.find('d-1')).toMatchObject({ status: 'SUPERSEDED' });
  expect(await ports.stacks.find('prod-shop')).toBeUndefined();
});

test('a deployment that has ended meanwhile is not queued again, and a broken stack is not moved by it', async () => {
  const { ports, ids, stack } = await running();
  await ports.deployments.apply(ids.deploymentId, { type: 'Failed', reason });
  const left = { kind: 'changed', what: ['half'], operatorNeeded: false } as const;
  await ports.stacks.apply(ids.stackName, { type: 'DeploymentFailed', ...ids, reason, left });
  const before = await stack();
  expect(before).toMatchObject({ status: 'BROKEN' });
  expect(await enqueue(ports, aDeployment({ id: ids.deploymentId }))).toMatchObject({ kind: 'repeated' });
  expect(await stack()).toEqual(before);
});

test('a repair that fails keeps no other from being made', async () => {
  const slipway = await running();
  const { ports, end, names } = slipway;
  await ports.deployments.create({ ...pushed(9), stackName: 'prod-other' });
  slipway.advance(91_000);
  end('d-1-1');
  const errors: unknown[] = [];
  const find: typeof ports.stacks.find = async (name) => {
    if (name === 'prod-other') throw new Error('DynamoDB does not answer');
    return ports.stacks.find(name);
  };
  const log = { ...ports.log, error: (event: string, fields: unknown) => errors.push([event, fields]) };
  expect(await sweep({ ...ports, log, stacks: { ...ports.stacks, find } })).toEqual({ repairs: 1 });
  expect(names()).toContain('d-1-1-rest RUNNING');
  expect(errors).toEqual([['SweepFailed', { error: 'Error: DynamoDB does not answer' }]]);
});

test('told of one stack, it looks at that one alone', async () => {
  const { ports, end, names } = await running();
  end('d-1-1');
  expect(await sweep(ports, { stackName: 'prod-other' })).toEqual({ repairs: 0 });
  expect(names()).toEqual(['d-1-1 ABORTED']);
});
