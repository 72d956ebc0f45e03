import { expect, test } from '@jest/globals';
import { seededRandom } from '../../../bin/bench/virtual/seeded-random.ts';
import { policies, type WaitingPolicy } from '../../../bin/bench/virtual/waiting-policies.ts';

const TRIES = 20_000;

/** Operations that take between one and ten minutes, any as likely as another. */
const tried = (policy: WaitingPolicy) => {
  const random = seededRandom('tried');
  const found = Array.from({ length: TRIES }, () => {
    const operation = 60 + 540 * random();
    const { seconds, looks } = policy.notices(operation, random);
    return { lag: seconds - operation, looks };
  });
  const lags = found.map(({ lag }) => lag).sort((a, b) => a - b);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    mean: mean(lags),
    p95: lags[TRIES * 0.95] ?? 0,
    least: lags[0] ?? 0,
    looks: mean(found.map(({ looks }) => looks)),
  };
};

test.each([
  { key: 'cdkMonitor', mean: 1, p95: 1.9, looks: 167 },
  { key: 'cdk', mean: 2.5, p95: 4.75, looks: 67.5 },
  { key: 'pipecd', mean: 7.5, p95: 14.25, looks: 23.5 },
  { key: 'cli', mean: 15, p95: 28.5, looks: 12.5 },
  { key: 'ecsAction', mean: 58.2, p95: 113.7, looks: 7.5 },
  { key: 'sdk', mean: 58.2, p95: 113.7, looks: 6 },
] as const)('$key notices an end $mean s late on average, after $looks looks', ({ key, mean, p95, looks }) => {
  const found = tried(policies[key]);
  expect(Math.abs(found.mean / mean - 1)).toBeLessThan(0.04);
  expect(Math.abs(found.p95 / p95 - 1)).toBeLessThan(0.04);
  expect(Math.abs(found.looks - looks)).toBeLessThan(1);
});

test('no policy notices an end before it has come, and each looks at least once', () => {
  for (const policy of Object.values(policies)) {
    expect(tried(policy).least).toBeGreaterThanOrEqual(0);
    expect(policy.notices(0, () => 0.5).looks).toBeGreaterThanOrEqual(1);
  }
});

test('the first four pauses of a 15..120 s waiter grow, the later ones are the longest', () => {
  const ends = [1, 15.1, 45.1, 105.1, 225.1, 345.1].map((operation) => policies.ecsAction.notices(operation, () => 1));
  expect(ends.map(({ seconds }) => seconds)).toEqual([15, 45, 105, 225, 345, 465]);
});

test('only PipeCD looks for pushes itself: up to a minute for git, and ten seconds for each of its two ticks', () => {
  const begins = Object.entries(policies).map(([key, { begins }]) => [key, begins(() => 1)]);
  expect(begins.filter(([, seconds]) => seconds !== 0)).toEqual([['pipecd', 80]]);
});
