/** A secret as it is kept: its versions by id, each with the staging labels it bears. */
export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, SecretVersion>>;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly accessedAt?: number;
  /** When deletion was asked for; `deleteAfter` is when it would happen. */
  readonly deletedAt?: number;
  readonly deleteAfter?: number;
  /** The seed of the template resource that made it. */
  readonly seed?: string;
}

export interface SecretVersion extends SecretValue {
  readonly stages: readonly string[];
  readonly createdAt: number;
}

/** At most one of the two; a secret may exist without any value. */
export interface SecretValue {
  readonly string?: string;
  /** Base64. */
  readonly binary?: string;
}

export const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

export const versionWithStage = (secret: Secret, stage: string): string | undefined =>
  Object.entries(secret.versions).find(([, { stages }]) => stages.includes(stage))?.[0];

/** Versions without a label stay known for a while, so that a late repetition of an old write is still recognised. */
const KEPT_VERSIONS = 100;

/**
 * The secret with one more version. The stages asked for move to it; when AWSCURRENT moves, the version that bore it takes
 * AWSPREVIOUS.
 */
export const withVersion = (
  secret: Secret,
  id: string,
  value: SecretValue,
  stages: readonly string[],
  now: number,
): Secret => {
  const versions = { ...secret.versions, [id]: { ...value, stages: [], createdAt: now } };
  const added: Secret = { ...secret, versions, changedAt: now };
  return pruned(stages.reduce((moved, stage) => withStage(moved, stage, id), added));
};

const withStage = (secret: Secret, stage: string, id: string): Secret => {
  const from = versionWithStage(secret, stage);
  const moved = relabelled(secret, stage, id);
  return stage === CURRENT && from !== undefined && from !== id ? relabelled(moved, PREVIOUS, from) : moved;
};

const relabelled = (secret: Secret, stage: string, id: string): Secret => {
  const versions = Object.entries(secret.versions).map(([each, version]): [string, SecretVersion] => {
    const others = version.stages.filter((label) => label !== stage);
    return [each, { ...version, stages: each === id ? [...others, stage] : others }];
  });
  return { ...secret, versions: Object.fromEntries(versions) };
};

const pruned = (secret: Secret): Secret => {
  const entries = Object.entries(secret.versions);
  const unlabelled = entries
    .filter(([, { stages }]) => stages.length === 0)
    .sort(([, a], [, b]) => b.createdAt - a.createdAt);
  const dropped = new Set(unlabelled.slice(KEPT_VERSIONS).map(([id]) => id));
  return { ...secret, versions: Object.fromEntries(entries.filter(([id]) => !dropped.has(id))) };
};
