/** Virtual time: it passes only from one thing that is due to the next. */
export interface Timeline {
  readonly millis: number;
  /** Something happens so long from now. */
  at(wait: number, happens: () => unknown): void;
  sleep(wait: number): Promise<void>;
  /** When the next thing is due; Infinity when nothing is. */
  nextDue(): number;
  /** Lets time pass until then, and what is due by then happen. */
  passUntil(due: number): void;
}

/** `advance` is told how much time has passed. */
export const timeline = (advance: (millis: number) => void): Timeline => {
  let millis = 0;
  let timers: { readonly due: number; readonly happens: () => unknown }[] = [];
  const at: Timeline['at'] = (wait, happens) => void timers.push({ due: millis + wait, happens });
  return {
    get millis() {
      return millis;
    },
    at,
    sleep: (wait) => new Promise((wake) => at(wait, () => wake())),
    nextDue: () => Math.min(...timers.map(({ due }) => due)),
    passUntil: (due) => {
      if (due > millis) advance(due - millis);
      millis = Math.max(millis, due);
      const now = timers.filter((timer) => timer.due <= millis);
      timers = timers.filter((timer) => timer.due > millis);
      for (const { happens } of now) happens();
    },
  };
};
