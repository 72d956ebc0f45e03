/** One deployment: how long it took, and how many of something it came to. */
export interface Point {
  readonly seconds: number;
  readonly count: number;
}

/** How many more for every 1,000 seconds that the same deployment takes longer. NaN when it did not take longer. */
export const slope = (shorter: Point, longer: Point): number =>
  longer.seconds > shorter.seconds
    ? ((longer.count - shorter.count) / (longer.seconds - shorter.seconds)) * 1000
    : Number.NaN;
