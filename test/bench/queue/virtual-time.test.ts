import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { virtualTime } from '../../../bin/bench/queue/virtual-time.ts';

test('whatever is due comes in the order of its time, and in the order of asking where that is the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(9), { maxLength: 40 }), async (waits) => {
      const time = virtualTime(1000);
      const seen: (readonly [at: number, asked: number])[] = [];
      const all = waits.map((millis, asked) => time.after(millis).then(() => void seen.push([time.now(), asked])));
      await Promise.all([...all, time.run()]);
      const expected = waits
        .map((millis, asked) => [1000 + millis, asked] as const)
        .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      expect(seen).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test('who is woken may wait again, and time ends with the last of them', async () => {
  const time = virtualTime(0);
  const walker = async () => {
    for (let step = 0; step < 3; step++) await time.after(20 * 60_000);
    return time.now();
  };
  const [end] = await Promise.all([walker(), time.run()]);
  expect(end).toBe(3_600_000);
});
