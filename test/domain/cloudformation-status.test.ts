import { expect, test } from '@jest/globals';
import {
  cloudFormationStatuses,
  hasRolledBack,
  hasSucceeded,
  isAtRest,
  isHusk,
  isRollbackFailed,
  isUsable,
  lifecycleOf,
} from '../../functions/domain/cloudformation-status.ts';

/** While somebody waits: goes on waiting; goes on with the stack; deletes it first; makes it; or fails. */
type Waiting = 'waits' | 'goes on' | 'deletes' | 'makes' | 'fails';
/** While a step of ours runs: goes on waiting, or ends. */
type Running = 'waits' | 'DONE' | 'FAILED';

const expected: Readonly<Record<string, readonly [Waiting, Running]>> = {
  CREATE_IN_PROGRESS: ['waits', 'waits'],
  CREATE_FAILED: ['fails', 'FAILED'],
  CREATE_COMPLETE: ['goes on', 'DONE'],
  ROLLBACK_IN_PROGRESS: ['waits', 'waits'],
  ROLLBACK_FAILED: ['fails', 'FAILED'],
  ROLLBACK_COMPLETE: ['deletes', 'FAILED'],
  DELETE_IN_PROGRESS: ['waits', 'waits'],
  DELETE_FAILED: ['fails', 'FAILED'],
  // Only a deletion of ours ends under our token there.
  DELETE_COMPLETE: ['makes', 'DONE'],
  UPDATE_IN_PROGRESS: ['waits', 'waits'],
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: ['waits', 'waits'],
  UPDATE_COMPLETE: ['goes on', 'DONE'],
  UPDATE_FAILED: ['fails', 'FAILED'],
  UPDATE_ROLLBACK_IN_PROGRESS: ['waits', 'waits'],
  UPDATE_ROLLBACK_FAILED: ['fails', 'FAILED'],
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: ['waits', 'waits'],
  UPDATE_ROLLBACK_COMPLETE: ['goes on', 'FAILED'],
  REVIEW_IN_PROGRESS: ['deletes', 'FAILED'],
  IMPORT_IN_PROGRESS: ['waits', 'waits'],
  IMPORT_COMPLETE: ['goes on', 'DONE'],
  IMPORT_ROLLBACK_IN_PROGRESS: ['waits', 'waits'],
  IMPORT_ROLLBACK_FAILED: ['fails', 'FAILED'],
  IMPORT_ROLLBACK_COMPLETE: ['fails', 'FAILED'],
};

const whileWaiting = (status: string): Waiting => {
  if (!isAtRest(status)) return 'waits';
  if (isUsable(status)) return 'goes on';
  if (isHusk(status)) return 'deletes';
  return lifecycleOf(status) === 'missing' ? 'makes' : 'fails';
};
const whileRunning = (status: string): Running => {
  if (!isAtRest(status)) return 'waits';
  return hasSucceeded(status) ? 'DONE' : 'FAILED';
};

test('all 23 statuses of CloudFormation have a meaning, and no others', () => {
  expect([...cloudFormationStatuses].sort()).toEqual(Object.keys(expected).sort());
  expect(cloudFormationStatuses).toHaveLength(23);
});

test.each(Object.entries(expected))('%s means: while waiting and while a step runs, %j', (status, meaning) => {
  expect([whileWaiting(status), whileRunning(status)]).toEqual(meaning);
});

test('only a completed rollback of an update leaves the world as it was', () => {
  expect(cloudFormationStatuses.filter(hasRolledBack)).toEqual(['UPDATE_ROLLBACK_COMPLETE']);
});

test('only a rollback of an update can be continued', () => {
  expect(cloudFormationStatuses.filter(isRollbackFailed)).toEqual(['UPDATE_ROLLBACK_FAILED']);
});

test('a stack is at rest, usable and a husk in no contradictory ways', () => {
  for (const status of cloudFormationStatuses) {
    if (isUsable(status) || isHusk(status) || isRollbackFailed(status)) expect(isAtRest(status)).toBe(true);
    expect([isUsable(status), isHusk(status), isRollbackFailed(status)].filter(Boolean).length).toBeLessThanOrEqual(1);
  }
});

test.each(['', 'SOMETHING_NEW', 'toString', '__proto__'])('%s is unknown: neither at rest nor usable', (status) => {
  expect(lifecycleOf(status)).toBe('unknown');
  expect([isAtRest, isUsable, isHusk, hasSucceeded, hasRolledBack].map((ask) => ask(status))).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});
