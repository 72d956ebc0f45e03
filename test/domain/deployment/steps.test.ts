import { expect, test } from '@jest/globals';
import { failedSteps, stepsInOrder, unfinishedSteps } from '../../../functions/domain/deployment/steps.ts';

const steps = {
  late: { name: 'late', status: 'FAILED', startedAt: '2026-08-01T10:02:00Z' },
  waiting: { name: 'waiting', status: 'BLOCKED' },
  early: { name: 'early', status: 'DONE', startedAt: '2026-08-01T10:01:00Z' },
  beside: { name: 'beside', status: 'SKIPPED', startedAt: '2026-08-01T10:02:00Z' },
} as const;

const names = (found: readonly { name: string }[]) => found.map(({ name }) => name);

test('steps stand in the order in which they started', () => {
  expect(names(stepsInOrder(steps))).toEqual(['early', 'beside', 'late', 'waiting']);
});

test('what is blocked for ever counts as unfinished', () => {
  expect(names(unfinishedSteps(steps))).toEqual(['late', 'waiting']);
  expect(names(failedSteps(steps))).toEqual(['late']);
});
