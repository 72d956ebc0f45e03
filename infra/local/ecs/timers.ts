import type { Clock, Timer } from '../clock.ts';

/** Timers of a part that end with it; a new one under the same key takes the place of the old one. */
export const timersOn = (clock: Clock) => {
  const pending = new Map<string, Timer>();
  return {
    set: (key: string, millis: number, run: () => void): void => {
      pending.get(key)?.cancel();
      const fire = () => {
        pending.delete(key);
        run();
      };
      pending.set(key, clock.after(millis, fire));
    },
    cancel: (key: string): void => {
      pending.get(key)?.cancel();
      pending.delete(key);
    },
    stop: (): void => {
      for (const timer of pending.values()) timer.cancel();
      pending.clear();
    },
  };
};

export type Timers = ReturnType<typeof timersOn>;
