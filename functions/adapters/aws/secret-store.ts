import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { SecretStore } from '../../ports.ts';

export const secretsManagerStore = (client: SecretsManagerClient): SecretStore => ({
  getOrCreate: async (name, description) => {
    const found = await orUndefined(client.send(new DescribeSecretCommand({ SecretId: name })));
    if (found?.ARN) return found.ARN;
    try {
      return (await client.send(new CreateSecretCommand({ Name: name, Description: description }))).ARN ?? '';
    } catch (error) {
      // CFPlan and PGUpsert may both come first.
      if (!(error instanceof Error && error.name === 'ResourceExistsException')) throw error;
      return (await client.send(new DescribeSecretCommand({ SecretId: name }))).ARN ?? '';
    }
  },
  read: async (id) => (await orUndefined(client.send(new GetSecretValueCommand({ SecretId: id }))))?.SecretString,
  write: async (id, value, token) => {
    await client.send(new PutSecretValueCommand({ SecretId: id, SecretString: value, ClientRequestToken: token }));
  },
});

/** A secret without a value answers as one that does not exist. */
const orUndefined = async <T>(answer: Promise<T>): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
};
