import type { Retrier } from './definition.ts';
import type { Again } from './execution.ts';
import { matches, type StateFailure } from './failure.ts';
import type { Frame, Run } from './run.ts';
import { seededRandom } from './seed.ts';

/** The wait before the next try, counted in the visit; undefined when the first retrier that matches has none left. */
export const retryOf = (
  retriers: readonly Retrier[],
  failure: StateFailure,
  { visit }: Frame,
  run: Run,
): Again | undefined => {
  const index = retriers.findIndex(({ ErrorEquals }) => matches(ErrorEquals, failure));
  const retrier = retriers[index];
  const tried = visit.retriesBy[index] ?? 0;
  if (!retrier || tried >= (retrier.MaxAttempts ?? 3)) return undefined;
  for (let earlier = visit.retriesBy.length; earlier <= index; earlier += 1) visit.retriesBy[earlier] = 0;
  visit.retriesBy[index] = tried + 1;
  visit.retries += 1;
  const random = seededRandom(`${run.execution.arn} ${visit.state} ${run.execution.events}`);
  return { kind: 'again', dueMillis: run.now + delayMillis(retrier, tried, random) };
};

/** `IntervalSeconds * BackoffRate ^ tries so far`, at most MaxDelaySeconds; FULL jitter takes any part of it. */
export const delayMillis = (retrier: Retrier, tried: number, random: number): number => {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
  const seconds = Math.min(IntervalSeconds * BackoffRate ** tried, MaxDelaySeconds);
  return Math.round(seconds * 1000 * (retrier.JitterStrategy === 'FULL' ? random : 1));
};
