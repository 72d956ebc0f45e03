import { Transient } from '../../domain/failure.ts';
import type { Clock } from '../../ports.ts';

/** A change set takes seconds; this is how often, and how long, one task looks at it. */
const LOOK_EVERY_MILLIS = 250;
const LONGEST_LOOK_MILLIS = 45_000;

/**
 * Looks until there is an answer, within a budget; the only waiting that happens inside a task.
 * @throws Transient when the budget is used up: `what` says what takes so long.
 */
export const lookUntil = async <T>(clock: Clock, what: string, look: () => Promise<T | undefined>): Promise<T> => {
  const deadline = clock.now().getTime() + LONGEST_LOOK_MILLIS;
  for (let wait = 20; ; wait = Math.min(wait * 2, LOOK_EVERY_MILLIS)) {
    const found = await look();
    if (found !== undefined) return found;
    if (clock.now().getTime() > deadline)
      throw new Transient('Unavailable', `${what} takes more than ${LONGEST_LOOK_MILLIS / 1000} seconds`);
    await clock.sleep(wait);
  }
};
