/**
 * How many failures in a row the circuit breaker takes: half the desired count, at least 3 and at most 200.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export const failureThreshold = (desiredCount: number): number =>
  Math.min(Math.max(Math.ceil(desiredCount * 0.5), 3), 200);

/** Milliseconds before the next start after so many failures in a row: three at once, then 1 s, 2 s, 4 s ... one minute. */
export const backOffMillis = (failures: number): number =>
  failures <= 3 ? 0 : Math.min(1000 * 2 ** (failures - 4), 60_000);
