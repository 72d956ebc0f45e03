import type { World } from '../part.ts';

/** Lets an operation take its time; without latency only what is already due goes before. */
export const pause = (world: World, operation: string): Promise<void> => {
  const millis = world.latency(operation);
  return new Promise((resolve) => {
    if (millis > 0) world.clock.after(millis, resolve);
    else setImmediate(resolve);
  });
};
