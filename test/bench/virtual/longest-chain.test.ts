import { expect, test } from '@jest/globals';
import { type ChainEvent, longestChain, type Visit } from '../../../bin/bench/virtual/longest-chain.ts';

/** `id previous type name`: as Step Functions tells it, a second to each event. */
const history = (...lines: readonly string[]): readonly ChainEvent[] =>
  lines.map((line) => {
    const [id, previous, type = '', name] = line.split(' ');
    return {
      id: Number(id),
      previousEventId: Number(previous),
      timestampMillis: Number(id) * 1000,
      type,
      ...(type.endsWith('Entered') && { stateEnteredEventDetails: { name, input: '{}' } }),
    };
  });

const weights =
  (by: Readonly<Record<string, number>>) =>
  ({ state }: Visit): number =>
    by[state] ?? 0;

const forked = history(
  '1 0 ExecutionStarted',
  '2 0 TaskStateEntered Plan',
  '3 2 TaskScheduled',
  '4 3 TaskSucceeded',
  '5 4 TaskStateExited',
  '6 5 ParallelStateEntered Both',
  '7 6 ParallelStateStarted',
  '8 7 TaskStateEntered Infra',
  '9 7 MapStateEntered Databases',
  '10 9 MapStateStarted',
  '11 10 MapIterationStarted',
  '12 11 TaskStateEntered Migrate',
  '13 12 TaskStateExited',
  '14 13 TaskStateEntered Cleanup',
  '15 8 TaskStateExited',
  '16 14 TaskStateExited',
  '17 16 MapIterationSucceeded',
  '18 17 MapStateSucceeded',
  '19 18 MapStateExited',
  '20 19 ParallelStateSucceeded',
  '21 20 ParallelStateExited',
  '22 21 TaskStateEntered Up',
  '23 22 TaskStateExited',
  '24 23 ExecutionSucceeded',
);

test('states one after the other add up, of branches the longest counts', () => {
  const by = { Plan: 8, Infra: 90, Migrate: 40, Cleanup: 7, Up: 120 };
  expect(longestChain(forked, weights(by))).toBe(8 + 90 + 120);
  expect(longestChain(forked, weights({ ...by, Migrate: 100 }))).toBe(8 + 100 + 7 + 120);
});

test('the branch that ends last is not the one that counts when another had more to do', () => {
  const early = forked.map((event) => (event.id === 20 ? { ...event, previousEventId: 15 } : event));
  expect(longestChain(early, weights({ Infra: 1, Migrate: 50 }))).toBe(50);
});

test('iterations of a Map run beside each other', () => {
  const mapped = history(
    '1 0 MapStateEntered All',
    '2 1 MapStateStarted',
    '3 2 TaskStateEntered One',
    '4 2 TaskStateEntered Two',
    '5 3 TaskStateExited',
    '6 4 TaskStateExited',
    '7 6 MapStateSucceeded',
    '8 7 TaskStateEntered After',
    '9 8 TaskStateExited',
  );
  expect(longestChain(mapped, weights({ One: 30, Two: 20, After: 5 }))).toBe(35);
});

test('a visit is told with its name and its times', () => {
  const visits: Visit[] = [];
  longestChain(forked, (visit) => visits.push(visit));
  expect(visits[0]).toEqual({ state: 'Plan', input: '{}', fromMillis: 2000, toMillis: 5000 });
  expect(visits.map(({ state }) => state)).toEqual(['Plan', 'Migrate', 'Infra', 'Cleanup', 'Up']);
});

test('an empty history has no chain', () => {
  expect(longestChain([], () => 1)).toBe(0);
});
