import { isRecord } from './template.ts';

const SECRET =
  /\{\{resolve:secretsmanager:(arn:[^:}]+:[^:}]+:[^:}]*:[^:}]*:secret:[^:}]+|[^:}]+)(?::SecretString(?::([^:}]*)(?::[^}]*)?)?)?(?:::?)?\}\}/g;

/**
 * The value with `{{resolve:secretsmanager:ID:SecretString:key}}` replaced by what the secret holds. The result goes to a
 * provider and nowhere else. Throws, in AWS's words, for a secret or key that does not exist.
 */
export const withSecrets = (
  value: unknown,
  readSecret: (secretId: string, jsonKey?: string) => string | undefined,
): unknown => {
  if (typeof value === 'string')
    return value.replace(SECRET, (_, secretId: string, jsonKey: string | undefined) => {
      const secret = readSecret(secretId, jsonKey || undefined);
      if (secret !== undefined) return secret;
      throw new Error(
        jsonKey
          ? `Could not find a value associated with JSONKey ${jsonKey} in SecretString of ${secretId}, or the secret itself`
          : "Secrets Manager can't find the specified secret.",
      );
    });
  if (Array.isArray(value)) return value.map((item) => withSecrets(item, readSecret));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withSecrets(member, readSecret)]));
};
