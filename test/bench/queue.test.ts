import { expect, test } from '@jest/globals';
import { runQueues } from '../../bin/bench/queue/queue-run.ts';
import { jain, measureQueue } from '../../bin/bench/queue.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

test('the figures of the queues hold their limits at a small size, too', async () => {
  const figures = await measureQueue({ stacks: 8, pushes: 12 });
  const over = figures.filter(({ value = Number.NaN, limit }) => limit !== undefined && !(value <= limit));
  // So few stacks are treated alike by chance only.
  expect(over.map(({ what }) => what).filter((what) => !what.includes('unfairness'))).toEqual([]);
  expect(figures.filter(({ limit }) => limit !== undefined)).toHaveLength(7);
});

test('every push runs once and in its order, whatever comes meanwhile', async () => {
  const end = await runQueues({ stacks: 3, pushes: 20, gapMillis: 2000, deploymentMillis: 9000, supersede: false });
  for (const started of end.started) expect(started).toEqual(numbers(20));
  expect(new Set(end.statuses.flat())).toEqual(new Set(['DONE']));
});

test.each([5, 20, 50])('pushes %d ms apart cost retries, but none is lost, doubled or passed', async (gapMillis) => {
  const end = await runQueues({ stacks: 3, pushes: 30, gapMillis, deploymentMillis: 9000, supersede: true });
  expect(end.counts.refused).toBeGreaterThan(0);
  for (const [stack, started] of end.started.entries()) {
    expect(started).toEqual([...new Set(started)].sort((a, b) => a - b));
    expect(started.at(-1)).toBe(29);
    expect(started.length).toBeLessThanOrEqual(2);
    expect(end.statuses[stack]?.filter((status) => status === 'DONE')).toHaveLength(started.length);
    expect(new Set(end.statuses[stack])).not.toContain('LOST');
  }
});

test('the index of fairness is 1 where all are treated alike and 1/n where one has everything', () => {
  expect([jain([3, 3, 3]), jain([0, 0, 6, 0]), jain([0, 0]), jain([1, 2])]).toEqual([1, 0.25, 1, 0.9]);
});
