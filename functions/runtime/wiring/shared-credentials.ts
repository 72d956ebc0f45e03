import type { fromTemporaryCredentials } from '@aws-sdk/credential-providers';

type Provider = ReturnType<typeof fromTemporaryCredentials>;
type Identity = ReturnType<Provider>;

/** The SDK asks for new ones five minutes before they expire: those that would not last so long are never handed out. */
const LAST_AT_LEAST_MILLIS = 6 * 60_000;

/** One assumed role for all clients that are given it: each of them by itself would assume it once more. */
export const sharedCredentials = (assume: Provider, now: () => Date): Provider => {
  let shared: Identity | undefined;
  return async (properties) => {
    const known = shared;
    if (known && (await lasts(known, now))) return known;
    // Somebody else may have been at it meanwhile.
    if (shared === known) shared = assume(properties);
    return shared ?? assume(properties);
  };
};

/** What could not be had is not kept. */
const lasts = async (identity: Identity, now: () => Date): Promise<boolean> => {
  try {
    const { expiration } = await identity;
    return !expiration || expiration.getTime() - now().getTime() > LAST_AT_LEAST_MILLIS;
  } catch {
    return false;
  }
};
