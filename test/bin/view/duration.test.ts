import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { duration, elapsed } from '../../../bin/view/duration.ts';

test.each([
  [-5, '0 ms'],
  [0, '0 ms'],
  [99.4, '99 ms'],
  [99.6, '0.1 s'],
  [250, '0.3 s'],
  [9_949, '9.9 s'],
  [9_951, '10 s'],
  [59_400, '59 s'],
  [59_999, '1 min 00 s'],
  [60_000, '1 min 00 s'],
  [185_000, '3 min 05 s'],
  [3_599_900, '1 h 00 min'],
  [7_440_000, '2 h 04 min'],
])('%d ms is told as %s', (millis, told) => {
  expect(duration(millis)).toBe(told);
});

test('no part of a duration is ever sixty', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 8 }), (millis) => {
      expect(duration(millis)).not.toMatch(/\b60\b (s|min)/);
    }),
  );
});

test('what has not ended is measured up to now, and what has not begun is not measured', () => {
  const now = Date.parse('2026-08-01T10:00:05.000Z');
  expect(elapsed('2026-08-01T10:00:00.000Z', '2026-08-01T10:00:02.000Z', now)).toBe('2.0 s');
  expect(elapsed('2026-08-01T10:00:00.000Z', undefined, now)).toBe('5.0 s');
  expect(elapsed(undefined, undefined, now)).toBeUndefined();
});
