import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { backOffMillis, failureThreshold } from '../../../infra/local/ecs/launch-limits.ts';
import { type PlannedTask, planService, type ServiceSituation } from '../../../infra/local/ecs/service-plan.ts';

const task = (arn: string, kind: 'new' | 'old', isAvailable = true): PlannedTask => ({
  arn,
  isPrimary: kind === 'new',
  isAvailable,
});
const situation = (desiredCount: number, tasks: readonly PlannedTask[], more: Partial<ServiceSituation> = {}) => ({
  desiredCount,
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  primaryFailed: false,
  tasks,
  ...more,
});

test('a rolling update starts the new tasks first and stops an old one for each that serves', () => {
  const old = [task('a', 'old'), task('b', 'old')];
  expect(planService(situation(2, old))).toEqual({ start: 2, stop: [] });
  const starting = [...old, task('c', 'new', false), task('d', 'new', false)];
  expect(planService(situation(2, starting))).toEqual({ start: 0, stop: [] });
  const half = [...old, task('c', 'new'), task('d', 'new', false)];
  expect(planService(situation(2, half))).toEqual({ start: 0, stop: ['a'] });
  expect(planService(situation(2, [...old, task('c', 'new'), task('d', 'new')]))).toEqual({
    start: 0,
    stop: ['a', 'b'],
  });
});

test('with no minimum the old tasks make room at once', () => {
  const replacing = { minimumHealthyPercent: 0, maximumPercent: 100 };
  expect(planService(situation(1, [task('a', 'old')], replacing))).toEqual({ start: 1, stop: ['a'] });
});

test('old tasks that do not serve are stopped without waiting', () => {
  expect(planService(situation(1, [task('a', 'old', false)]))).toEqual({ start: 1, stop: ['a'] });
});

test('scaling in takes first what does not serve, then the newest', () => {
  const tasks = [task('a', 'new'), task('b', 'new'), task('c', 'new', false)];
  expect(planService(situation(2, tasks)).stop).toEqual(['c']);
  expect(planService(situation(1, tasks)).stop).toEqual(['c', 'b']);
  expect(planService(situation(0, [...tasks, task('o', 'old')])).stop.toSorted()).toEqual(['a', 'b', 'c', 'o']);
});

test('a failed deployment starts nothing and leaves what serves', () => {
  const tasks = [task('a', 'old'), task('b', 'new', false)];
  expect(planService(situation(2, tasks, { primaryFailed: true }))).toEqual({ start: 0, stop: [] });
  expect(planService(situation(0, tasks, { primaryFailed: true })).stop.toSorted()).toEqual(['a', 'b']);
});

const anyPercents = fc.record({
  minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
  maximumPercent: fc.integer({ min: 100, max: 200 }),
});
const anyTasks = fc
  .array(fc.record({ isPrimary: fc.boolean(), isAvailable: fc.boolean() }), { maxLength: 12 })
  .map((tasks) => tasks.map((one, index) => ({ ...one, arn: String(index) })));
const anySituation = fc
  .tuple(fc.integer({ min: 0, max: 6 }), anyTasks, anyPercents, fc.boolean())
  .map(([desiredCount, tasks, percents, primaryFailed]) =>
    situation(desiredCount, tasks, { ...percents, primaryFailed }),
  );

test('starting never goes over the maximum, and stopping never takes what serves below the minimum', () => {
  fc.assert(
    fc.property(anySituation, (given) => {
      const { start, stop } = planService(given);
      const left = given.tasks.filter(({ arn }) => !stop.includes(arn));
      const serving = (tasks: readonly PlannedTask[]) => tasks.filter(({ isAvailable }) => isAvailable).length;
      const minimum = Math.ceil((given.desiredCount * given.minimumHealthyPercent) / 100);
      const maximum = Math.floor((given.desiredCount * given.maximumPercent) / 100);
      if (start > 0) expect(left.length + start).toBeLessThanOrEqual(maximum);
      if (serving(left) < serving(given.tasks)) expect(serving(left)).toBeGreaterThanOrEqual(minimum);
    }),
  );
});

test('a deployment whose tasks come up always ends with exactly the desired tasks, all of them new', () => {
  fc.assert(
    fc.property(anySituation, (given) => {
      fc.pre(given.minimumHealthyPercent < 100 || given.maximumPercent === 200);
      fc.pre(given.minimumHealthyPercent === 0 || given.maximumPercent === 200);
      let tasks: readonly PlannedTask[] = given.tasks;
      for (let round = 0; round < 40; round += 1) {
        const { start, stop } = planService({ ...given, primaryFailed: false, tasks });
        const started = Array.from({ length: start }, (_, n) => task(`${round}-${n}`, 'new'));
        tasks = [...tasks.filter(({ arn }) => !stop.includes(arn)), ...started].map((one) =>
          one.isPrimary ? { ...one, isAvailable: true } : one,
        );
      }
      expect(tasks.map(({ isPrimary }) => isPrimary)).toEqual(Array(given.desiredCount).fill(true));
    }),
  );
});

test('the circuit breaker takes half the desired count, at least 3 and at most 200 failures', () => {
  expect([0, 1, 6, 7, 25, 1000].map(failureThreshold)).toEqual([3, 3, 3, 4, 13, 200]);
});

test('back-off begins after three failures and ends at a minute', () => {
  expect([1, 2, 3, 4, 5, 6, 10, 50].map(backOffMillis)).toEqual([0, 0, 0, 1000, 2000, 4000, 60_000, 60_000]);
});
