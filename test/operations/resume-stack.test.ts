import { expect, test } from '@jest/globals';
import { resumeStack } from '../../functions/operations/resume-stack.ts';
import { aRelease, claimedDeployment, memorySlipway, storeRelease } from '../support/memory-slipway.ts';
import { aDeployment, anEntry, triggered } from '../support/records.ts';

const broken = async () => {
  const slipway = await memorySlipway();
  const { ports } = slipway;
  const ids = await claimedDeployment(slipway);
  const reason = { code: 'MigrationFailed', message: 'no' };
  await ports.deployments.apply('d-1', { type: 'Failed', reason });
  await ports.stacks.apply('prod-shop', {
    type: 'DeploymentFailed',
    deploymentId: ids.deploymentId,
    fence: ids.fence,
    reason,
    left: { kind: 'changed', what: ['down'], operatorNeeded: true },
  });
  return slipway;
};

test('a broken stack is free again, and who freed it is on record', async () => {
  const { ports } = await broken();
  expect((await ports.stacks.find('prod-shop'))?.status).toBe('BROKEN');
  expect(await resumeStack(ports, { stackName: 'prod-shop', actor: 'bob' })).toEqual({ kind: 'resumed' });
  expect((await ports.stacks.find('prod-shop'))?.status).toBe('AVAILABLE');
  expect(await ports.events.list('stack/prod-shop', 5)).toMatchObject([{ type: 'Resumed', actor: 'bob' }]);
});

test('what waited behind the broken one is started at once', async () => {
  const { ports, machines } = await broken();
  await storeRelease(ports, aRelease(2));
  await ports.deployments.create(aDeployment({ id: 'd-2', release: 'r2' }));
  await ports.stacks.apply('prod-shop', triggered(anEntry('d-2')));
  expect(machines.executions).toEqual([]);
  await resumeStack(ports, { stackName: 'prod-shop', actor: 'bob' });
  expect((await ports.stacks.find('prod-shop'))?.current).toMatchObject({ deploymentId: 'd-2', fence: 2 });
  expect(machines.executions).toMatchObject([{ name: 'd-2-2', input: { deploymentId: 'd-2', fence: 2 } }]);
});

test('a stack that is not broken, and one that is not there, are refused, and nothing is on record', async () => {
  const slipway = await memorySlipway();
  await claimedDeployment(slipway);
  for (const [stackName, words] of [
    ['prod-shop', 'CREATING'],
    ['prod-none', 'There is no stack'],
  ] as const) {
    const answer = await resumeStack(slipway.ports, { stackName, actor: 'bob' });
    expect(answer).toMatchObject({ kind: 'refused', reason: expect.stringContaining(words) });
    expect(await slipway.ports.events.list(`stack/${stackName}`, 5)).toEqual([]);
  }
});
