import type { World } from './part.ts';

/** Lets an operation take its time by the world's clock; undefined where it takes none, so that not even a turn is lost. */
export const takeTime = (
  { clock, latency }: Pick<World, 'clock' | 'latency'>,
  operation: string,
  what?: string,
): Promise<void> | undefined => {
  const millis = latency(operation, what);
  return millis > 0 ? new Promise<void>((resolve) => void clock.after(millis, resolve)) : undefined;
};
