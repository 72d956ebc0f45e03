import { Transient } from '../../domain/failure.ts';
import type { Clock } from '../../ports.ts';

const LONGEST_LOOK_MILLIS = 45_000;

/** A change set takes 6 to 15 seconds (aws/aws-cdk#22079), a small one less: looks come close together from here on. */
const LIKELY_MILLIS = 5_000;

/** Where nothing takes time, nothing is to be lost by the first pause. */
const SHORTEST_PAUSE_MILLIS = 20;

export interface Looking {
  /** What takes so long, for the message. */
  readonly what: string;
  /** Too early for an answer, by all that is known. */
  readonly notBeforeMillis?: number;
}

/**
 * Looks until there is an answer, within a budget; the only waiting that happens inside a task. An answer is noticed late
 * by at most a quarter of what it took, and by a fortieth of what takes as long as is usual.
 * @throws Transient when the budget is used up
 */
export const lookUntil = async <T>(
  clock: Clock,
  { what, notBeforeMillis = 0 }: Looking,
  look: () => Promise<T | undefined>,
): Promise<T> => {
  const since = clock.now().getTime();
  if (notBeforeMillis > 0) await clock.sleep(notBeforeMillis);
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    const elapsed = clock.now().getTime() - since;
    if (elapsed > LONGEST_LOOK_MILLIS)
      throw new Transient('Unavailable', `${what} takes more than ${LONGEST_LOOK_MILLIS / 1000} seconds`);
    await clock.sleep(pauseAfter(elapsed));
  }
};

const pauseAfter = (elapsed: number): number => {
  const often = Math.max(LIKELY_MILLIS - elapsed, elapsed / 40);
  return Math.ceil(Math.max(SHORTEST_PAUSE_MILLIS, Math.min(elapsed / 4, often)));
};
