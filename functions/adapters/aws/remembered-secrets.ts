import { BETWEEN_LOOKS_MILLIS } from '../../domain/webhook-secrets.ts';

/** A rotation keeps both secrets valid for longer than this, so an instance never refuses what it should take. */
const KEPT_MILLIS = 5 * 60_000;

export interface RememberedSecrets {
  /** Those that were valid at the last look, newest first; none while nothing is stored. */
  readonly secrets: () => Promise<readonly string[]>;
  /** Looks again because a signature fitted none; undefined when it has just looked. */
  readonly lookAgain: () => Promise<readonly string[] | undefined>;
}

/** Keeps secrets for minutes, and what is not there for seconds; calls that come together share one look. */
export const rememberedSecrets = (read: () => Promise<readonly string[]>, now: () => number): RememberedSecrets => {
  let found: readonly string[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  let triedAt = lookedAt;
  let looking: Promise<readonly string[]> | undefined;
  const look = () => {
    triedAt = now();
    looking ??= read()
      .then((secrets) => {
        found = secrets;
        lookedAt = now();
        return secrets;
      })
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  return {
    secrets: async () => (now() < lookedAt + (found.length > 0 ? KEPT_MILLIS : BETWEEN_LOOKS_MILLIS) ? found : look()),
    lookAgain: async () => (now() < triedAt + BETWEEN_LOOKS_MILLIS ? undefined : look()),
  };
};
