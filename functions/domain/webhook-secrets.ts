/**
 * The webhook secret as it is kept: a plain text, or a JSON list, newest first, while one takes the place of
 * another (docs/decisions/0021-webhook-secrets-in-one-value.md). An empty one is left out: anybody could sign with it.
 */
export const webhookSecretsIn = (text: string): readonly string[] =>
  (listIn(text) ?? [text]).filter((secret) => secret !== '');

export const webhookSecretText = (secrets: readonly [string, ...string[]]): string =>
  secrets.length === 1 ? secrets[0] : JSON.stringify(secrets);

/** However many forged requests come: one look at the secret per instance of the webhook and this many milliseconds. */
export const BETWEEN_LOOKS_MILLIS = 5_000;

const listIn = (text: string): readonly string[] | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;
  } catch {
    // Any text may be a secret; only a JSON list means two of them.
    return undefined;
  }
};
