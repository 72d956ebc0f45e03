import { DeleteSecretCommand, DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, expect, test } from '@jest/globals';
import { secretsManagerStore } from '../../../functions/adapters/aws/secret-store.ts';
import { createSecrets } from '../../../infra/local/secrets/secrets.ts';
import { testWorld } from '../../local/test-world.ts';
import { clientOptions, onWire } from '../../support/lone-part.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const started = async (grants: Record<string, string[]> = {}) => {
  const part = createSecrets(testWorld());
  const front = await onWire(part, grants);
  const client = new SecretsManagerClient(clientOptions(front));
  cleanups.push(() => front.close());
  const as = (key: string) => secretsManagerStore(new SecretsManagerClient(clientOptions(front, key)));
  return { part, client, store: secretsManagerStore(client), as };
};
const NAME = '/prod/shop/postgres/main';
const TOKEN = 'a'.repeat(32);

test('a secret is made once, without a value, and found again with its description', async () => {
  const { store, client } = await started();
  const arn = await store.getOrCreate(NAME, 'Login of shop');
  expect(arn).toMatch(/:secret:\/prod\/shop\/postgres\/main-[A-Za-z0-9]{6}$/);
  expect(await store.getOrCreate(NAME, 'other words')).toBe(arn);
  expect(await store.read(arn)).toBeUndefined();
  expect((await client.send(new DescribeSecretCommand({ SecretId: NAME }))).Description).toBe('Login of shop');
});

test('two that come first at once are told the same secret', async () => {
  const { store } = await started();
  const arns = await Promise.all(Array.from({ length: 5 }, () => store.getOrCreate(NAME, 'Login of shop')));
  expect(new Set(arns).size).toBe(1);
});

test('a secret that another deployer left is adopted with its value', async () => {
  const { store, part } = await started();
  const arn = part.writeSecret(NAME, '{"dbuser":"old"}');
  expect(await store.getOrCreate(NAME, 'Login of shop')).toBe(arn);
  expect(await store.read(NAME)).toBe('{"dbuser":"old"}');
});

test('a value is written once for a token, and another value under it is refused', async () => {
  const { store } = await started();
  const arn = await store.getOrCreate(NAME, '');
  await store.write(arn, 'one', TOKEN);
  await store.write(arn, 'two', 'b'.repeat(32));
  await store.write(arn, 'one', TOKEN);
  expect(await store.read(arn)).toBe('two');
  await expect(store.write(arn, 'three', TOKEN)).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

test('a secret that is not there has no value, and cannot be written', async () => {
  const { store } = await started();
  expect(await store.read(NAME)).toBeUndefined();
  await expect(store.write(NAME, 'one', TOKEN)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a secret that is marked for deletion is refused in words, before anything writes to it', async () => {
  const { store, client } = await started();
  await store.getOrCreate(NAME, '');
  await client.send(new DeleteSecretCommand({ SecretId: NAME, RecoveryWindowInDays: 7 }));
  await expect(store.getOrCreate(NAME, '')).rejects.toMatchObject({
    name: 'SecretDeleted',
    message: expect.stringContaining(NAME),
    reason: { remedy: expect.stringContaining('Restore') },
  });
});

test('a secret is looked for without being made; one that is marked for deletion counts as none', async () => {
  const { store, client } = await started();
  expect(await store.find(NAME)).toBeUndefined();
  const arn = await store.getOrCreate(NAME, '');
  expect(await store.find(NAME)).toBe(arn);
  await client.send(new DeleteSecretCommand({ SecretId: NAME, RecoveryWindowInDays: 7 }));
  expect(await store.find(NAME)).toBeUndefined();
});

test('a refusal for want of permission is thrown, not taken for a missing secret', async () => {
  const { as } = await started({ nobody: [] });
  const store = as('nobody');
  await expect(store.read(NAME)).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(store.getOrCreate(NAME, '')).rejects.toMatchObject({ name: 'AccessDenied' });
});
