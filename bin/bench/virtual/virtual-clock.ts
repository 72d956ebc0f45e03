import type { Clock } from '../../../infra/local/clock.ts';

export interface VirtualClock extends Clock {
  /** Time stands still, whatever falls due, until the result is called. */
  hold(): () => void;
  stop(): void;
}

interface Entry {
  readonly due: number;
  readonly run: () => void;
}

/**
 * Time that stands still while anything computes, and leaps to the next timer as soon as nothing does: only what was
 * given a latency takes time (docs/decisions/0013). Starts at the present, since real clients look at their own clocks.
 */
export const virtualClock = (quiet: () => Promise<void>, start = Date.now()): VirtualClock => {
  const pending = new Set<Entry>();
  let now = start;
  let holds = 0;
  let isStopped = false;
  let wake = () => {};

  const canLeap = () => pending.size > 0 && holds === 0;
  const moved = () => (canLeap() ? wake() : undefined);
  const leap = async () => {
    while (!isStopped) {
      if (!canLeap())
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      await quiet();
      if (!isStopped && canLeap()) runNext();
    }
  };
  const runNext = () => {
    now = Math.max(now, Math.min(...[...pending].map(({ due }) => due)));
    for (const entry of [...pending].filter(({ due }) => due <= now)) if (pending.delete(entry)) entry.run();
  };

  void leap();
  return {
    now: () => now,
    after: (millis, run) => {
      const entry = { due: now + Math.max(millis, 0), run };
      pending.add(entry);
      moved();
      return { cancel: () => void pending.delete(entry) };
    },
    hold: () => {
      holds += 1;
      return () => {
        holds -= 1;
        moved();
      };
    },
    stop: () => {
      isStopped = true;
      wake();
    },
  };
};
