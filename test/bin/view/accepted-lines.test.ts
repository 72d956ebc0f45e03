import { expect, test } from '@jest/globals';
import { acceptedLines } from '../../../bin/view/accepted-lines.ts';
import { plain } from '../../../bin/view/paint.ts';
import type { Deployment } from '../../../functions/domain/deployment/deployment.ts';
import { anEntry, aStack } from '../../support/records.ts';
import { aPush, aStep, at, now } from './records.ts';

const asked = aPush({ id: 'd-2' });
const lines = (deployment: Deployment, stack = aStack(), current?: Deployment) =>
  acceptedLines(deployment, { stack, current, queued: [asked] }, now(125_000), plain);
const follow = 'To see where it stands: npm run slipway -- status prod-shop';

test('one that waits is told its place, and what it waits for', () => {
  const current = aPush({ status: 'RUNNING' }, [aStep('PGMigrate.main', { status: 'ACTIVE', startedAt: at(5_000) })]);
  const stack = aStack({ status: 'MIGRATING', current: { deploymentId: 'd-1', fence: 1 }, queue: [anEntry('d-2')] });
  expect(lines(asked, stack, current)).toEqual([
    'd-2 (61648b7) is accepted for prod-shop.',
    '  queued 1: d-2 (61648b7) by alice, 2 min 05 s: waits for d-1 (PGMigrate.main, 2 min 00 s)',
    follow,
  ]);
});

test('one that holds the stack runs', () => {
  const stack = aStack({ current: { deploymentId: 'd-2', fence: 1 } });
  expect(lines({ ...asked, status: 'RUNNING' }, stack)).toEqual(['d-2 (61648b7) runs on prod-shop.', follow]);
  expect(lines({ ...asked, status: 'RUNNING' })[0]).toBe('d-2 (61648b7) is accepted for prod-shop.');
});

test('one that has ended before says how', () => {
  expect(lines({ ...asked, status: 'DONE' })).toEqual(['d-2 (61648b7) ended DONE.']);
  const reason = { code: 'MigrationFailed', message: 'no such table' };
  expect(lines({ ...asked, status: 'FAILED', reason })).toEqual(['d-2 (61648b7) ended FAILED: no such table']);
});
