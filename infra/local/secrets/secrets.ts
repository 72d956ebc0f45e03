import { randomUUID } from 'node:crypto';
import type { Part, World } from '../part.ts';
import { secretResources } from './secret-resources.ts';
import { secretVault } from './secret-vault.ts';
import { secretsService } from './secrets-service.ts';

export interface Secrets {
  /**
   * The current value of a secret, or one key of its JSON, as the value of an environment variable; undefined when the
   * secret, its value or the key is missing.
   */
  readSecret(idOrArn: string, jsonKey?: string): string | undefined;
  /** Writes a secret that a service manages itself, such as RDS its master password; gives the ARN. */
  writeSecret(name: string, value: string): string;
}

/** How a database is reached; what an attachment writes into its secret. */
export interface DatabaseAddress {
  readonly engine: string;
  readonly host: string;
  readonly port: number;
  readonly dbname?: string;
}

export interface SecretsOptions {
  /** Looks up the database behind `AWS::SecretsManager::SecretTargetAttachment`. */
  readonly describeDatabase?: (physicalId: string) => DatabaseAddress | undefined;
}

/** Secrets Manager: versions with stages, idempotent writes, secrets and attachments of templates. */
export const createSecrets = (world: World, options: SecretsOptions = {}): Part & Secrets => {
  const vault = secretVault(world);
  return {
    services: [secretsService(world, vault)],
    resources: secretResources(world, vault, options.describeDatabase ?? (() => undefined)),
    writeSecret: (name, string) => {
      const secret = vault.find(name) ?? vault.create({ name });
      return vault.put(secret, randomUUID(), { string }).arn;
    },
    readSecret: (idOrArn, jsonKey) => {
      const secret = vault.find(idOrArn);
      const text = secret && !secret.deletedAt ? vault.current(secret)?.string : undefined;
      return text === undefined || jsonKey === undefined ? text : jsonValue(text, jsonKey);
    },
  };
};

const jsonValue = (json: string, key: string): string | undefined => {
  const value = parsed(json)[key];
  if (value === undefined) return;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const parsed = (json: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
};
