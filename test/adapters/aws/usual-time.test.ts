import { expect, test } from '@jest/globals';
import { usualTime } from '../../../functions/adapters/aws/usual-time.ts';

test('while nothing was seen, nothing is too early', () => {
  expect(usualTime().tooEarlyMillis()).toBe(0);
});

test('too early is what lies before a third of the shortest that was seen', () => {
  const usual = usualTime();
  for (const millis of [9_000, 6_000, 12_001]) usual.note(millis);
  expect(usual.tooEarlyMillis()).toBe(2_000);
});

test('one that was quick is forgotten after eight others', () => {
  const usual = usualTime();
  usual.note(90);
  for (let more = 0; more < 7; more++) usual.note(9_000);
  expect(usual.tooEarlyMillis()).toBe(30);
  usual.note(9_000);
  expect(usual.tooEarlyMillis()).toBe(3_000);
});
