import { AwsError, type Input } from '../wire/service.ts';
import type { Secret } from './secret.ts';

/** A secret as DescribeSecret shows it: everything but its values; times in seconds. */
export const describeSecret = (secret: Secret) => ({
  ...summary(secret),
  VersionIdsToStages: stagesOf(secret),
});

/**
 * One page of ListSecrets: without secrets marked for deletion unless asked for; filters match prefixes, case for case.
 * @throws AwsError for an unknown filter
 */
export const listedSecrets = (secrets: readonly Secret[], input: Input) => {
  const { Filters = [], MaxResults = 100, NextToken = '', IncludePlannedDeletion = false } = input;
  const matching = secrets
    .filter(({ deletedAt }) => IncludePlannedDeletion || deletedAt === undefined)
    .filter((secret) => Filters.every(({ Key, Values }: Input) => matches(secret, Key, Values)))
    .filter(({ name }) => name > NextToken);
  const page = matching.slice(0, MaxResults);
  return {
    SecretList: page.map((secret) => ({ ...summary(secret), SecretVersionsToStages: stagesOf(secret) })),
    ...(matching.length > page.length && { NextToken: page.at(-1)?.name }),
  };
};

const summary = ({ name, arn, tags, description, kmsKeyId, ...times }: Secret) => ({
  ARN: arn,
  Name: name,
  Description: description,
  KmsKeyId: kmsKeyId,
  Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  CreatedDate: times.createdAt / 1000,
  LastChangedDate: times.changedAt / 1000,
  LastAccessedDate: seconds(times.accessedAt),
  DeletedDate: seconds(times.deletedAt),
});

const seconds = (millis: number | undefined) => (millis === undefined ? undefined : millis / 1000);

/** Versions without a label are deprecated: kept, but not shown. */
const stagesOf = ({ versions }: Secret) =>
  Object.fromEntries(
    Object.entries(versions)
      .filter(([, { stages }]) => stages.length > 0)
      .map(([id, { stages }]) => [id, stages]),
  );

const matches = (secret: Secret, key: string, values: readonly string[]): boolean => {
  const texts: Readonly<Record<string, readonly string[]>> = {
    name: [secret.name],
    description: [secret.description ?? ''],
    'tag-key': Object.keys(secret.tags),
    'tag-value': Object.values(secret.tags),
    all: [secret.name, secret.description ?? '', ...Object.entries(secret.tags).flat()],
  };
  const candidates = texts[key];
  if (!candidates) throw new AwsError('InvalidParameterException', `This Secrets Manager does not filter by ${key}.`);
  return values.some((value) => candidates.some((text) => text.startsWith(value)));
};
