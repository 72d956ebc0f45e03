import { expect, test } from '@jest/globals';
import { strategies } from '../../functions/domain/plan/strategy.ts';
import { settleDeployment } from '../../functions/operations/settle-deployment.ts';
import { claimedDeployment, memorySlipway } from '../support/memory-slipway.ts';

test.each(strategies)(
  '%s that is DONE leaves the release that runs, and the counts that are still needed',
  async (strategy) => {
    const slipway = await memorySlipway();
    const { stacks, deployments } = slipway.ports;
    const first = await claimedDeployment(slipway, 1);
    await stacks.apply('prod-shop', { ...first, type: 'DeploymentCompleted', release: 'r1' });
    const input = await claimedDeployment(slipway, 2, { deployment: { strategy } });
    for (const event of ['StackWaitStarted', 'StackFound', 'PlanStarted'] as const)
      await deployments.apply(input.deploymentId, { type: event, executionArn: 'arn' });
    await stacks.apply('prod-shop', { ...input, type: 'CountsRead', counts: { main: 2 } });
    expect(await settleDeployment(slipway.ports, { ...input, end: 'DONE' })).toMatchObject({ status: 'DONE' });
    const deploys = ['full', 'quick'].includes(strategy);
    expect(await stacks.find('prod-shop')).toMatchObject({
      status: 'AVAILABLE',
      release: deploys ? 'r2' : 'r1',
      counts: deploys || strategy === 'recreate-database' ? {} : { main: 2 },
    });
  },
);
