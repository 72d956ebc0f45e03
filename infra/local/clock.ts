/** Time as every part of the embedded cloud sees it: milliseconds since the epoch, and timers that can be cancelled. */
export interface Clock {
  now(): number;
  after(millis: number, run: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

/** A clock that can be moved forward by hand; timers that fall due on the way run in the order of their due times. */
export interface MovableClock extends Clock {
  advance(millis: number): Promise<void>;
}

const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Real time that can also leap: tests live through a minute without waiting for it. */
export const leapingClock = (): MovableClock => movable(Date.now, true);

/** Time that stands still but for `advance`. */
export const standingClock = (start = 0): MovableClock => movable(() => start, false);

const movable = (base: () => number, flows: boolean): MovableClock => {
  let leapt = 0;
  let order = 0;
  const pending = new Set<{ due: number; order: number; run: () => void; handle?: NodeJS.Timeout }>();
  const now = () => base() + leapt;
  type Entry = typeof pending extends Set<infer E> ? E : never;

  const fire = (entry: Entry) => {
    clearTimeout(entry.handle);
    if (pending.delete(entry)) entry.run();
  };
  const arm = (entry: Entry) => {
    const wait = Math.min(Math.max(entry.due - now(), 0), LONGEST_TIMEOUT);
    entry.handle = setTimeout(() => (entry.due > now() ? arm(entry) : fire(entry)), wait);
  };
  const nextDue = (limit: number) =>
    [...pending].filter((entry) => entry.due <= limit).sort((a, b) => a.due - b.due || a.order - b.order)[0];

  return {
    now,
    after: (millis, run) => {
      const entry: Entry = { due: now() + Math.max(millis, 0), order: order++, run };
      pending.add(entry);
      if (flows) arm(entry);
      return {
        cancel: () => {
          clearTimeout(entry.handle);
          pending.delete(entry);
        },
      };
    },
    advance: async (millis) => {
      const limit = now() + millis;
      for (let entry = nextDue(limit); entry; entry = nextDue(limit)) {
        leapt += Math.max(entry.due - now(), 0);
        fire(entry);
        await settled();
      }
      leapt += Math.max(limit - now(), 0);
      await settled();
    },
  };
};

/** Lets everything that is ready to run, run: promise callbacks and one turn of I/O. */
const settled = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
