import { setTimeout as sleep } from 'node:timers/promises';

const BETWEEN_LOOKS_MILLIS = 40;

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
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}\n${await instead()}`);
    await sleep(BETWEEN_LOOKS_MILLIS);
  }
};
