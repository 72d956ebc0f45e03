/** One request to a service; times in milliseconds on a clock that only goes forward. */
export interface Probe {
  readonly sentAt: number;
  readonly answeredAt: number;
  /** What came instead of a good answer; absent for a good one. */
  readonly failure?: string;
}

export interface ProbeFigures {
  readonly requests: number;
  readonly failed: number;
  /** Longest time without a good answer. */
  readonly longestGapMillis: number;
  /** What came instead of good answers, and how often: `503 Service Temporarily Unavailable` 14. */
  readonly failures: Readonly<Record<string, number>>;
}

/** Requests before the first good answer asked for something that was not there yet: they say nothing of a loss. */
export const sinceFirstAnswer = (probes: readonly Probe[]): readonly Probe[] => {
  const first = probes.findIndex(({ failure }) => failure === undefined);
  return first < 0 ? [] : probes.slice(first);
};

/**
 * Figures of the requests that were sent within a span of time. A gap lies between two good answers in a row; the first
 * one begins, at the earliest, with the span, and the last one lasts to its end, so that silence at an edge counts too.
 */
export const probeFigures = (probes: readonly Probe[], from: number, to: number): ProbeFigures => {
  const sent = probes.filter(({ sentAt }) => sentAt >= from && sentAt < to);
  const failures = sent.flatMap(({ failure }) => failure ?? []);
  const answers = sent.filter(({ failure }) => failure === undefined).map(({ answeredAt }) => Math.min(answeredAt, to));
  const times = [from, ...answers, ...(sent.length > 0 ? [to] : [])].sort((one, other) => one - other);
  return {
    requests: sent.length,
    failed: failures.length,
    longestGapMillis: times.reduce((longest, time, index) => Math.max(longest, time - (times[index - 1] ?? time)), 0),
    failures: counted(failures),
  };
};

const counted = (words: readonly string[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};
