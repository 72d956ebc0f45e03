import { expect, test } from '@jest/globals';
import { enqueue } from '../../functions/operations/enqueue.ts';
import { settleDeployment } from '../../functions/operations/settle-deployment.ts';
import { sweep } from '../../functions/operations/sweep.ts';
import { withdrawDeployment } from '../../functions/operations/withdraw-deployment.ts';
import { claimedDeployment, mainBranch, memorySlipway, repository } from '../support/memory-slipway.ts';
import { aDeployment, identity } from '../support/records.ts';

test('the end of a deployment is counted once, however often it is settled, and DONE with its time', async () => {
  const slipway = await memorySlipway();
  const { ports, counted, measured, advance } = slipway;
  const input = await claimedDeployment(slipway);
  for (const event of ['StackWaitStarted', 'StackFound', 'PlanStarted'] as const)
    await ports.deployments.apply(input.deploymentId, { type: event, executionArn: 'arn' });
  const { createdAt = '' } = (await ports.deployments.find(input.deploymentId)) ?? {};
  advance(Date.parse(createdAt) + 90_000 - ports.clock.now().getTime());
  for (let times = 0; times < 3; times++) await settleDeployment(ports, { ...input, end: 'DONE' });
  expect(counted).toEqual({ DeploymentsDone: 1 });
  expect(measured).toEqual({ DeploymentSeconds: expect.closeTo(90, 1) });
});

test('a deployment that failed is counted as that, and has no time', async () => {
  const slipway = await memorySlipway();
  const input = await claimedDeployment(slipway);
  await settleDeployment(slipway.ports, { ...input, end: 'FAILED' });
  expect(slipway.counted).toEqual({ DeploymentsFailed: 1 });
  expect(slipway.measured).toEqual({});
});

test('a deployment that was overtaken or withdrawn before it began is counted as what it became', async () => {
  const { ports, counted } = await memorySlipway();
  const source = { kind: 'push', repository, ref: mainBranch, before: '', after: 'v1', deliveryId: 'd' } as const;
  await ports.deployments.create(aDeployment({ source }));
  const key = `${repository.id}/${mainBranch}/${identity.environment}/${identity.application}`;
  await ports.targets.move(key, undefined, { after: 'v2', n: 2 });
  await enqueue(ports, aDeployment({ source }));
  await ports.deployments.create(aDeployment({ id: 'd-2' }));
  for (let times = 0; times < 2; times++) await withdrawDeployment(ports, aDeployment({ id: 'd-2' }));
  expect(counted).toEqual({ DeploymentsSuperseded: 1, DeploymentsTerminated: 1 });
});

test('the sweeper measures how long the oldest waits and how long what runs has not moved', async () => {
  const slipway = await memorySlipway();
  const { ports, machines, measured, advance } = slipway;
  await sweep(ports);
  expect(measured).toEqual({});
  const ids = await claimedDeployment(slipway);
  const { arn } = await machines.port.start('deployment', `${ids.deploymentId}-${ids.fence}`, ids);
  await ports.deployments.apply(ids.deploymentId, { type: 'StackWaitStarted', executionArn: arn });
  advance(600_000);
  await ports.deployments.create(aDeployment({ id: 'd-9', createdAt: ports.clock.now().toISOString() }));
  advance(30_000);
  await sweep(ports);
  expect(measured).toEqual({ QueueSeconds: expect.closeTo(30, 1), StandstillSeconds: expect.closeTo(630, 1) });
});
