import { expect, test } from '@jest/globals';
import type { Step } from '../../functions/domain/deployment/deployment.ts';
import { migrationStates } from '../../functions/operations/migration-states.ts';
import { loadContext } from '../../functions/operations/step-context.ts';
import { claimedDeployment, memorySlipway } from '../support/memory-slipway.ts';

const statesWith = async (...steps: Step[]) => {
  const slipway = await memorySlipway();
  const input = await claimedDeployment(slipway, 1, { deployment: { strategy: 'recreate-database' } });
  for (const step of steps) await slipway.ports.deployments.putStep(input.deploymentId, input.fence, step);
  return migrationStates(slipway.ports, await loadContext(slipway.ports, input));
};
const failed = (code: string): Step => ({
  name: 'PGDestroy.main',
  status: 'FAILED',
  reason: { code, message: 'no' },
});

test.each<[string, readonly Step[], string]>([
  ['nothing was begun', [], 'untouched'],
  ['its destruction has begun', [{ name: 'PGDestroy.main', status: 'ACTIVE' }], 'destroyed'],
  ['it was destroyed', [{ name: 'PGDestroy.main', status: 'DONE' }], 'destroyed'],
  ['its destruction stopped somewhere', [failed('DatabaseRefused')], 'destroyed'],
  ['its destruction was refused before it began', [failed('DatabaseTaken')], 'untouched'],
  [
    'it was destroyed and made anew',
    [
      { name: 'PGDestroy.main', status: 'DONE' },
      { name: 'PGMigrate.main', status: 'DONE' },
    ],
    'destroyed',
  ],
])('of a database it is said what is left when %s', async (_what, steps, state) => {
  expect(await statesWith(...steps)).toEqual([{ database: 'main', state }]);
});
