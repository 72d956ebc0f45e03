import { expect, test } from '@jest/globals';
import { leapingClock, standingClock } from '../../infra/local/clock.ts';

test('timers that fall due on the way of an advance run in the order of their due times', async () => {
  const clock = standingClock(1000);
  const seen: string[] = [];
  clock.after(30, () => seen.push(`late at ${clock.now()}`));
  clock.after(10, () => {
    seen.push(`early at ${clock.now()}`);
    clock.after(5, () => seen.push(`nested at ${clock.now()}`));
  });
  await clock.advance(20);
  expect(seen).toEqual(['early at 1010', 'nested at 1015']);
  expect(clock.now()).toBe(1020);
  await clock.advance(10);
  expect(seen).toContain('late at 1030');
});

test('a cancelled timer never runs', async () => {
  const clock = standingClock();
  const timer = clock.after(10, () => {
    throw new Error('ran');
  });
  timer.cancel();
  await clock.advance(100);
});

test('a leaping clock flows by itself and leaps on demand', async () => {
  const clock = leapingClock();
  const before = clock.now();
  let ran = false;
  clock.after(60_000, () => {
    ran = true;
  });
  await clock.advance(60_000);
  expect(ran).toBe(true);
  expect(clock.now() - before).toBeGreaterThanOrEqual(60_000);
});
