import { expect, test } from '@jest/globals';
import { nextTry } from '../../functions/domain/retry-name.ts';

const guid = '0b989ba4-242f-11e5-81e1-c7b6966d2516';
const minutes = (failed: string) => nextTry(failed).waitMillis / 60_000;

test('tries are counted in the name, so that everybody who sees one fail starts the same next one', () => {
  expect(nextTry(guid).name).toBe(`${guid}-try-2`);
  expect(nextTry(`${guid}-try-2`).name).toBe(`${guid}-try-3`);
  expect(nextTry(`${guid}-29551234`).name).toBe(`${guid}-29551234-try-2`);
  expect(nextTry(`reconcile-ab-try-9`).name).toBe('reconcile-ab-try-10');
});

test('the first comes at once, the others ever later, and none later than six hours', () => {
  expect([guid, `${guid}-try-2`, `${guid}-try-3`, `${guid}-try-4`].map(minutes)).toEqual([0, 5, 10, 20]);
  expect(minutes(`${guid}-try-40`)).toBe(360);
});

test('a name stays within the 80 characters of an execution for more tries than there is time for', () => {
  expect(nextTry(`${guid}-29551234-try-99`).name.length).toBeLessThanOrEqual(80);
});
