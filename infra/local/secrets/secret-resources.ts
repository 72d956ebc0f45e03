import { randomUUID } from 'node:crypto';
import { generatedName } from '../generated-name.ts';
import type { Part, Properties, Resource, ResourceRequest, World } from '../part.ts';
import { AwsError, type Input } from '../wire/service.ts';
import { randomPassword } from './random-password.ts';
import type { Secret } from './secret.ts';
import type { SecretVault } from './secret-vault.ts';
import type { DatabaseAddress } from './secrets.ts';

/** Secrets, their attachments to databases, and their policies, from templates. */
export const secretResources = (
  world: World,
  vault: SecretVault,
  describeDatabase: (physicalId: string) => DatabaseAddress | undefined,
): NonNullable<Part['resources']> => {
  const policies = world.store.table<unknown>('secrets.policies');

  const write = (secret: Secret, text: string | undefined) => {
    if (text !== undefined && vault.current(secret)?.string !== text) vault.put(secret, randomUUID(), { string: text });
  };

  const attach = async ({ properties }: ResourceRequest): Promise<Resource> => {
    const target = String(properties['TargetId']);
    const database = describeDatabase(target);
    if (!database)
      throw new AwsError('NotFound', `DB instance ${target} not found for the attachment of its secret.`, 404);
    const secret = vault.getLive(String(properties['SecretId']));
    const { host, port, engine, dbname } = database;
    const address = { host, port, engine, ...(dbname && { dbname }), dbInstanceIdentifier: target };
    write(secret, JSON.stringify({ ...currentValue(vault, secret), ...address }));
    return { physicalId: secret.arn, attributes: {} };
  };

  const recordPolicy = async ({ properties }: ResourceRequest): Promise<Resource> => {
    const { arn } = vault.getLive(String(properties['SecretId']));
    policies.put(arn, properties['ResourcePolicy']);
    return { physicalId: arn, attributes: {} };
  };

  return {
    'AWS::SecretsManager::Secret': {
      create: async (request) => {
        const { properties, seed } = request;
        const name = String(properties['Name'] ?? generatedName(request, 128));
        const existing = vault.find(name);
        if (existing && existing.seed !== seed) throw nameTaken(existing);
        const secret = existing ?? vault.create({ name, seed, ...described(properties) });
        if (!vault.current(secret)) write(secret, stringOf(properties));
        return secretResource(secret);
      },
      update: async ({ physicalId, properties, previous }) => {
        const secret = { ...vault.getLive(physicalId), ...described(properties), changedAt: world.clock.now() };
        vault.save(secret);
        const isSame = ['SecretString', 'GenerateSecretString'].every(
          (name) => JSON.stringify(properties[name]) === JSON.stringify(previous[name]),
        );
        if (!isSame) write(secret, stringOf(properties));
        return secretResource(secret);
      },
      delete: async ({ physicalId }) => {
        const secret = vault.find(physicalId);
        if (secret) vault.remove(secret);
      },
      importing: {
        identifier: ['Id'],
        find: async ({ Id = '' }) => {
          const secret = vault.find(Id);
          return secret && secret.deletedAt === undefined ? secretResource(secret) : undefined;
        },
      },
    },
    'AWS::SecretsManager::SecretTargetAttachment': {
      create: attach,
      update: attach,
      delete: async ({ physicalId }) => {
        const secret = vault.find(physicalId);
        if (!secret || secret.deletedAt !== undefined) return;
        const kept = Object.entries(currentValue(vault, secret)).filter(([key]) => !ADDRESS_KEYS.has(key));
        write(secret, JSON.stringify(Object.fromEntries(kept)));
      },
    },
    'AWS::SecretsManager::ResourcePolicy': {
      create: recordPolicy,
      update: recordPolicy,
      delete: async ({ physicalId }) => policies.delete(physicalId),
    },
  };
};

const ADDRESS_KEYS = new Set(['host', 'port', 'engine', 'dbname', 'dbInstanceIdentifier']);

const secretResource = ({ arn }: Secret): Resource => ({ physicalId: arn, attributes: { Id: arn } });

const nameTaken = (existing: Secret) =>
  existing.deletedAt === undefined
    ? new AwsError('AlreadyExists', `The operation failed because the secret ${existing.name} already exists.`)
    : new AwsError(
        'InvalidRequest',
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );

const described = (properties: Properties) => ({
  ...(properties['Description'] !== undefined && { description: String(properties['Description']) }),
  ...(properties['KmsKeyId'] !== undefined && { kmsKeyId: String(properties['KmsKeyId']) }),
  tags: Object.fromEntries(((properties['Tags'] as Input[] | undefined) ?? []).map(({ Key, Value }) => [Key, Value])),
});

/** The value a template gives: as it stands, or generated, alone or into a JSON template; none when it gives nothing. */
const stringOf = (properties: Properties): string | undefined => {
  const generate = properties['GenerateSecretString'] as Input;
  if (properties['SecretString'] !== undefined) return String(properties['SecretString']);
  if (generate === undefined) return;
  const { SecretStringTemplate: template, GenerateStringKey: key } = generate;
  if ((template === undefined) !== (key === undefined))
    throw new AwsError(
      'InvalidRequest',
      'You must provide both SecretStringTemplate and GenerateStringKey, or neither of them.',
    );
  const password = randomPassword(generate);
  return template === undefined ? password : JSON.stringify({ ...JSON.parse(template), [key]: password });
};

const currentValue = (vault: SecretVault, secret: Secret): Record<string, unknown> =>
  JSON.parse(vault.current(secret)?.string ?? '{}');
