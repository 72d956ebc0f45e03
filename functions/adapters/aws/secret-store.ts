import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { StepFailure } from '../../domain/failure.ts';
import type { SecretStore } from '../../ports.ts';
import { isNamed } from './named.ts';

export const secretsManagerStore = (client: SecretsManagerClient): SecretStore => {
  const describe = (name: string) => orUndefined(client.send(new DescribeSecretCommand({ SecretId: name })));
  const findLive = async (name: string): Promise<string | undefined> => {
    const found = await describe(name);
    if (found?.DeletedDate) throw deleted(name);
    return found?.ARN;
  };
  return {
    find: async (name) => {
      const found = await describe(name);
      return found?.DeletedDate ? undefined : found?.ARN;
    },
    getOrCreate: async (name, description) => {
      const found = await findLive(name);
      if (found) return found;
      try {
        return (await client.send(new CreateSecretCommand({ Name: name, Description: description }))).ARN ?? '';
      } catch (error) {
        // CFPlan and PGUpsert may both come first.
        if (!isNamed(error, 'ResourceExistsException')) throw error;
        return (await findLive(name)) ?? '';
      }
    },
    read: async (id) => (await orUndefined(client.send(new GetSecretValueCommand({ SecretId: id }))))?.SecretString,
    write: async (id, value, token) => {
      await client.send(new PutSecretValueCommand({ SecretId: id, SecretString: value, ClientRequestToken: token }));
    },
  };
};

/** Secrets Manager keeps the name taken for 7 to 30 days, and lets nobody write to it. */
const deleted = (name: string) =>
  new StepFailure({
    code: 'SecretDeleted',
    message: `Secret ${name} is marked for deletion, and its name cannot be used again before it is gone`,
    left: 'Nothing was changed',
    remedy: 'Restore the secret, or delete it without recovery, then push again',
  });

/** A secret without a value answers as one that does not exist. */
const orUndefined = async <T>(answer: Promise<T>): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
};
