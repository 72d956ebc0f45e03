import { expect, test } from '@jest/globals';
import { callbackAllowedFrom, called, completed, intended, told } from '../../functions/domain/callback-transition.ts';
import { aCallback } from '../support/records.ts';

const ok = { ok: true, output: { status: 'DONE' } } as const;
const failed = { ok: false, error: 'Cancelled', cause: 'asked for' } as const;

test('a retry brings a new task token to the standing record, and keeps what had been called', () => {
  const standing = aCallback({ status: 'CALLED' });
  const again = intended(standing, aCallback({ taskToken: 'task-token-2', touchedAt: 'later', createdAt: 'later' }));
  expect(again).toEqual({ ...standing, tries: 2, taskToken: 'task-token-2', touchedAt: 'later' });
  expect(intended(undefined, standing)).toEqual(aCallback());
});

test('an outcome that is stored stays, whoever comes later', () => {
  const standing = completed(aCallback(), ok);
  expect(standing).toEqual({ ...aCallback(), status: 'COMPLETED', outcome: ok });
  expect(completed(standing, failed)).toBe(standing);
  expect(called(standing)).toBe(standing);
  expect(intended(standing, aCallback({ taskToken: 'task-token-2' }))).toBe(standing);
  expect(told(standing)).toEqual({ ...standing, told: true });
  expect(told(aCallback())).toEqual(aCallback());
});

test('the table says what a stored callback must show', () => {
  expect(callbackAllowedFrom('Completed')).toEqual(['INTENDED', 'CALLED']);
  expect(callbackAllowedFrom('Called')).toEqual(['INTENDED']);
});
