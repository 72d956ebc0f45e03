import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { virtualClock } from '../../../bin/bench/virtual/virtual-clock.ts';

/** Quiet as soon as the loop has turned. */
const atOnce = async () => void (await turn());

const turns = async () => {
  for (let one = 0; one < 20; one++) await turn();
};

test('it leaps to the next timer, whatever was set first, and those of one moment keep their order', async () => {
  const clock = virtualClock(atOnce, 1000);
  const rung: string[] = [];
  const ring = (name: string) => () => rung.push(`${name} at ${clock.now()}`);
  clock.after(3_600_000, ring('hour'));
  clock.after(50, ring('soon'));
  clock.after(50, ring('as soon'));
  clock.after(10, ring('never')).cancel();
  await turns();
  expect(rung).toEqual(['soon at 1050', 'as soon at 1050', 'hour at 3601000']);
  clock.stop();
});

test('time stands while something computes', async () => {
  let computes = Promise.withResolvers<void>();
  const clock = virtualClock(() => computes.promise, 0);
  clock.after(1000, () => {});
  await turns();
  expect(clock.now()).toBe(0);
  computes.resolve();
  computes = Promise.withResolvers<void>();
  await turns();
  expect(clock.now()).toBe(1000);
  clock.stop();
});

test('held, it does not leap until the last one has let go', async () => {
  const clock = virtualClock(atOnce, 0);
  const [one, other] = [clock.hold(), clock.hold()];
  clock.after(1000, () => {});
  one();
  await turns();
  expect(clock.now()).toBe(0);
  other();
  await turns();
  expect(clock.now()).toBe(1000);
  clock.stop();
});

test('a timer that is set by another counts from its moment', async () => {
  const clock = virtualClock(atOnce, 0);
  const rung: number[] = [];
  clock.after(100, () => clock.after(200, () => rung.push(clock.now())));
  await turns();
  expect(rung).toEqual([300]);
  clock.stop();
});
