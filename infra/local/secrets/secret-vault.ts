import { letters } from '../generated-name.ts';
import type { World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { CURRENT, type Secret, type SecretValue, type SecretVersion, versionWithStage, withVersion } from './secret.ts';

export type SecretVault = ReturnType<typeof secretVault>;

export interface NewSecret {
  readonly name: string;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly seed?: string;
}

/** All secrets of the account, by name; what the API and the templates have in common. */
export const secretVault = (world: World) => {
  const secrets = world.store.table<Secret>('secrets.secrets');
  const births = world.store.table<number>('secrets.births');
  const prefix = `arn:aws:secretsmanager:${world.region}:${world.account}:secret:`;

  /** By name, by ARN, or by an ARN without its suffix. */
  const find = (id: string): Secret | undefined => {
    if (!id.startsWith('arn:')) return secrets.get(id);
    const rest = id.startsWith(prefix) ? id.slice(prefix.length) : '';
    const byName = secrets.get(rest.slice(0, -7));
    return byName?.arn === id ? byName : secrets.get(rest);
  };

  const get = (id: string): Secret => {
    const secret = find(id);
    if (!secret) throw notFound("Secrets Manager can't find the specified secret.");
    return secret;
  };

  return {
    find,
    get,
    /** As `get`, for operations that a secret marked for deletion refuses. */
    getLive: (id: string): Secret => {
      const secret = get(id);
      if (secret.deletedAt !== undefined)
        throw new AwsError(
          'InvalidRequestException',
          "You can't perform this operation on the secret because it was marked for deletion.",
        );
      return secret;
    },
    list: () => secrets.list().map(({ value }) => value),
    current: (secret: Secret): SecretVersion | undefined => secret.versions[versionWithStage(secret, CURRENT) ?? ''],
    save: (secret: Secret) => secrets.put(secret.name, secret),
    remove: (secret: Secret) => secrets.delete(secret.name),
    /** What IAM sees: the ARN of a secret that exists, else an ARN that ends with the name. */
    arnOf: (id: string): string => find(id)?.arn ?? (id.startsWith('arn:') ? id : `${prefix}${id}`),
    /** A name used again after its secret is gone gets another suffix, as in AWS. */
    create: ({ name, tags = {}, ...rest }: NewSecret): Secret => {
      if (!/^[\w/+=.@-]{1,512}$/.test(name))
        throw new AwsError(
          'ValidationException',
          'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
        );
      const birth = (births.get(name) ?? 0) + 1;
      births.put(name, birth);
      const now = world.clock.now();
      const arn = `${prefix}${name}-${suffix(`${prefix}${name} ${birth}`)}`;
      const secret: Secret = { name, arn, tags, versions: {}, createdAt: now, changedAt: now, ...rest };
      secrets.put(name, secret);
      return secret;
    },
    /**
     * Adds a version under a token; the same token with the same value again changes nothing.
     * @throws AwsError ResourceExistsException when the token bears another value
     */
    put: (secret: Secret, token: string, value: SecretValue, stages: readonly string[] = [CURRENT]): Secret => {
      const known = secret.versions[token];
      if (known?.string === value.string && known?.binary === value.binary && known) return secret;
      if (known)
        throw new AwsError(
          'ResourceExistsException',
          `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${secret.arn}.`,
        );
      const next = withVersion(secret, token, value, stages, world.clock.now());
      secrets.put(next.name, next);
      return next;
    },
  };
};

export const notFound = (message: string) => new AwsError('ResourceNotFoundException', message);

const suffix = (seed: string): string => {
  const base = letters(seed, 6);
  return [...base].map((letter, index) => (index % 2 ? letter.toLowerCase() : letter)).join('');
};
