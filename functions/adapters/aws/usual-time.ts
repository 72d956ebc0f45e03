/** Enough that one that was quick for a reason of its own does not matter for long. */
const MOST_KEPT = 8;

export interface UsualTime {
  /**
   * A third of the shortest that was seen lately: before that it is too early to look. 0 while nothing is known. Of two
   * change sets of one stack, one may take three times as long as the other.
   */
  readonly tooEarlyMillis: () => number;
  readonly note: (millis: number) => void;
}

/** How long something of one kind takes, as far as this instance of a function has seen. */
export const usualTime = (): UsualTime => {
  const seen: number[] = [];
  return {
    tooEarlyMillis: () => (seen.length > 0 ? Math.floor(Math.min(...seen) / 3) : 0),
    note: (millis) => {
      seen.push(millis);
      if (seen.length > MOST_KEPT) seen.shift();
    },
  };
};
