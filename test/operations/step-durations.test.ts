import { expect, test } from '@jest/globals';
import type { Step } from '../../functions/domain/deployment/deployment.ts';
import { stepDurations } from '../../functions/operations/step-durations.ts';
import { memoryDeploymentStore } from '../support/memory-stores.ts';
import { aDeployment } from '../support/records.ts';

const at = (second: number) => new Date(Date.UTC(2026, 7, 1, 10, 0, second)).toISOString();
const step = (name: string, seconds: number, more: Partial<Step> = {}): Step => ({
  name,
  status: 'DONE',
  startedAt: at(0),
  endedAt: at(seconds),
  ...more,
});
const earlier = (id: string, day: number, steps: readonly Step[], more: object = {}) =>
  aDeployment({
    id,
    createdAt: new Date(Date.UTC(2026, 6, day)).toISOString(),
    steps: Object.fromEntries(steps.map((one) => [one.name, one])),
    ...more,
  });
const durations = (...deployments: ReturnType<typeof earlier>[]) =>
  stepDurations({ deployments: memoryDeploymentStore({ now: () => new Date(0) }, deployments) }, aDeployment());

test('each step that ended well tells how many seconds it took, newest first', async () => {
  expect(
    await durations(
      earlier('a', 1, [step('ScaleDown', 30), step('PGMigrate.main', 5)]),
      earlier('b', 2, [step('ScaleDown', 20)]),
    ),
  ).toEqual({ ScaleDown: [20, 30], 'PGMigrate.main': [5] });
});

test('a step that failed, is under way or has no times tells nothing', async () => {
  const { endedAt: _, ...open } = step('InfraMigrate', 9, { status: 'ACTIVE' });
  const { startedAt: __, ...timeless } = step('CFPlan', 9);
  expect(await durations(earlier('a', 1, [step('ScaleDown', 30, { status: 'FAILED' }), open, timeless]))).toEqual({});
});

test('another stack tells nothing, and neither does what is older than ten deployments', async () => {
  const many = Array.from({ length: 12 }, (_, index) => earlier(`d${index}`, index + 1, [step('ScaleUp', index)]));
  const other = earlier('z', 30, [step('ScaleUp', 99)], { stackName: 'prod-other' });
  expect(await durations(...many, other)).toEqual({ ScaleUp: [11, 10, 9, 8, 7, 6, 5, 4, 3, 2] });
});
