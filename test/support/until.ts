import { setTimeout as sleep } from 'node:timers/promises';

/** Between looks at first and at the most: a dozen stories that wait at once must not keep the machine from what they wait for. */
const FIRST_WAIT_MILLIS = 40;
const LONGEST_WAIT_MILLIS = 250;

/** No story takes so long; one that does hangs. */
const PATIENCE_MILLIS = 45_000;

/**
 * Looks until there is an answer.
 * @throws Error with what stands instead, when there is none within three quarters of a minute
 */
export const until = async <T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  instead: () => Promise<string> = async () => '',
): Promise<T> => {
  const deadline = Date.now() + PATIENCE_MILLIS;
  for (let wait = FIRST_WAIT_MILLIS; ; wait = Math.min(wait * 1.1, LONGEST_WAIT_MILLIS)) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}\n${await instead()}`);
    await sleep(wait);
  }
};
