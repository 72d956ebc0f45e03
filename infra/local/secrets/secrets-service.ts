import type { World } from '../part.ts';
import { jsonService } from '../wire/json.ts';
import { AwsError, type Input, type Operation, type WireService } from '../wire/service.ts';
import { randomPassword } from './random-password.ts';
import { CURRENT, type Secret, type SecretValue, versionWithStage } from './secret.ts';
import { describeSecret, listedSecrets } from './secret-description.ts';
import { notFound, type SecretVault } from './secret-vault.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Secrets Manager on the wire. */
export const secretsService = (world: World, vault: SecretVault): WireService => {
  const onSecret = { resources: (input: Input) => [vault.arnOf(String(input.SecretId))] };
  const changed = (secret: Secret) => vault.save({ ...secret, changedAt: world.clock.now() });

  const operations: Readonly<Record<string, Operation>> = {
    CreateSecret: {
      resources: (input) => [vault.arnOf(input.Name)],
      run: (input) => created(vault, input),
    },
    GetSecretValue: {
      ...onSecret,
      run: (input) => {
        const secret = vault.getLive(input.SecretId);
        const id = versionAsked(secret, input);
        const version = secret.versions[id];
        vault.save({ ...secret, accessedAt: world.clock.now() });
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: id,
          SecretString: version?.string,
          SecretBinary: version?.binary,
          VersionStages: version?.stages,
          CreatedDate: (version?.createdAt ?? 0) / 1000,
        };
      },
    },
    PutSecretValue: {
      ...onSecret,
      run: (input) => {
        const value = valueFrom(input);
        if (!value) throw invalid('You must provide either SecretString or SecretBinary.');
        const token = tokenFrom(input);
        const secret = vault.put(vault.getLive(input.SecretId), token, value, input.VersionStages);
        return { ARN: secret.arn, Name: secret.name, VersionId: token, VersionStages: secret.versions[token]?.stages };
      },
    },
    UpdateSecret: {
      ...onSecret,
      run: (input) => {
        const { Description: description, KmsKeyId: kmsKeyId } = input;
        const secret = {
          ...vault.getLive(input.SecretId),
          ...(description && { description }),
          ...(kmsKeyId && { kmsKeyId }),
        };
        const value = valueFrom(input);
        const token = value && tokenFrom(input);
        if (value && token) vault.put(secret, token, value);
        else changed(secret);
        return { ARN: secret.arn, Name: secret.name, VersionId: token };
      },
    },
    DescribeSecret: { ...onSecret, run: (input) => describeSecret(vault.get(input.SecretId)) },
    ListSecrets: { run: (input) => listedSecrets(vault.list(), input) },
    DeleteSecret: {
      ...onSecret,
      run: (input) => deleted(world, vault, input),
    },
    RestoreSecret: {
      ...onSecret,
      run: (input) => {
        const { deletedAt: _, deleteAfter: __, ...secret } = vault.get(input.SecretId);
        changed(secret);
        return { ARN: secret.arn, Name: secret.name };
      },
    },
    TagResource: {
      ...onSecret,
      run: (input) => {
        const secret = vault.getLive(input.SecretId);
        changed({ ...secret, tags: { ...secret.tags, ...tagsFrom(input) } });
      },
    },
    UntagResource: {
      ...onSecret,
      run: (input) => {
        const secret = vault.getLive(input.SecretId);
        const kept = Object.entries(secret.tags).filter(([key]) => !input.TagKeys.includes(key));
        changed({ ...secret, tags: Object.fromEntries(kept) });
      },
    },
    GetRandomPassword: { run: (input) => ({ RandomPassword: randomPassword(input) }) },
  };
  return jsonService('secretsmanager', '1.1', operations);
};

const created = (vault: SecretVault, input: Input) => {
  const { Name: name, Description: description, KmsKeyId: kmsKeyId } = input;
  const value = valueFrom(input);
  const token = tokenFrom(input);
  const existing = vault.find(name);
  if (existing) checkRepeated(existing, token, value);
  const secret =
    existing ??
    vault.create({ name, tags: tagsFrom(input), ...(description && { description }), ...(kmsKeyId && { kmsKeyId }) });
  if (value) vault.put(secret, token, value);
  return { ARN: secret.arn, Name: name, ...(value && { VersionId: token }) };
};

/** Only the very request that made a secret may be repeated: same token, same value. */
const checkRepeated = (existing: Secret, token: string, value: SecretValue | undefined) => {
  if (existing.deletedAt !== undefined)
    throw new AwsError(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  const version = existing.versions[token];
  if (!version || version.string !== value?.string || version.binary !== value?.binary)
    throw new AwsError(
      'ResourceExistsException',
      `The operation failed because the secret ${existing.name} already exists.`,
    );
};

const deleted = (world: World, vault: SecretVault, input: Input) => {
  const { ForceDeleteWithoutRecovery: isForced = false, RecoveryWindowInDays: days = 30 } = input;
  if (isForced && input.RecoveryWindowInDays !== undefined)
    throw invalid("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  if (days < 7 || days > 30) throw invalid('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
  const secret = isForced ? vault.find(input.SecretId) : vault.getLive(input.SecretId);
  const now = world.clock.now();
  const deleteAfter = isForced ? now : now + days * DAY;
  // Deleting by force what does not exist is a success, so that a repeated request is one too.
  if (!secret) return { ARN: vault.arnOf(input.SecretId), Name: input.SecretId, DeletionDate: now / 1000 };
  if (isForced) vault.remove(secret);
  else vault.save({ ...secret, deletedAt: now, deleteAfter });
  return { ARN: secret.arn, Name: secret.name, DeletionDate: deleteAfter / 1000 };
};

const versionAsked = (secret: Secret, { VersionId: id, VersionStage: stage = CURRENT }: Input): string => {
  const labelled = versionWithStage(secret, stage);
  const found = id ?? labelled;
  if (id && !secret.versions[id])
    throw notFound(`Secrets Manager can't find the specified secret value for VersionId: ${id}`);
  if (found === undefined)
    throw notFound(`Secrets Manager can't find the specified secret value for staging label: ${stage}`);
  return found;
};

const valueFrom = ({ SecretString: string, SecretBinary: binary }: Input): SecretValue | undefined => {
  if (string !== undefined && binary !== undefined)
    throw invalid("You can't specify both a binary secret value and a string secret value in the same secret.");
  if (string !== undefined) return { string };
  return binary === undefined ? undefined : { binary };
};

const tokenFrom = ({ ClientRequestToken: token }: Input): string => {
  if (typeof token === 'string' && token.length >= 32 && token.length <= 64) return token;
  throw invalid('You must provide a ClientRequestToken value. We recommend a UUID-type value.');
};

const tagsFrom = ({ Tags = [] }: Input): Record<string, string> =>
  Object.fromEntries(Tags.map(({ Key, Value }: Input) => [Key, Value]));

const invalid = (message: string) => new AwsError('InvalidParameterException', message);
