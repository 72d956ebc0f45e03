import { expect, test } from '@jest/globals';
import type { Properties } from '../../../infra/local/part.ts';
import { createSecrets, type SecretsOptions } from '../../../infra/local/secrets/secrets.ts';
import { create, resourceRequest, testWorld } from '../test-world.ts';

const SECRET = 'AWS::SecretsManager::Secret';
const ATTACHMENT = 'AWS::SecretsManager::SecretTargetAttachment';

const secretsWith = (options: SecretsOptions = {}) => createSecrets(testWorld(), options);
type Secrets = ReturnType<typeof secretsWith>;

const update = (part: Secrets, physicalId: string, previous: Properties, properties: Properties) =>
  part.resources?.[SECRET]?.update({ ...resourceRequest(SECRET, 'Db', properties), physicalId, previous });

test('a secret of a template has its value, and Ref and Id are its ARN', async () => {
  const part = secretsWith();
  const made = await create(part, SECRET, 'Db', { Name: 'prod/db', SecretString: 'a' });
  expect(made.physicalId).toMatch(/:secret:prod\/db-\w{6}$/);
  expect(made.attributes).toEqual({ Id: made.physicalId });
  expect(part.readSecret(made.physicalId)).toBe('a');
  expect(await create(part, SECRET, 'Db', { Name: 'prod/db', SecretString: 'a' })).toEqual(made);
  await expect(create(part, SECRET, 'Other', { Name: 'prod/db' })).rejects.toThrow('already exists');
});

test('a generated password goes into its template and stays until the options change', async () => {
  const part = secretsWith();
  const properties = {
    GenerateSecretString: {
      SecretStringTemplate: '{"username":"admin"}',
      GenerateStringKey: 'password',
      PasswordLength: 24,
      ExcludePunctuation: 'true',
    },
  };
  const { physicalId } = await create(part, SECRET, 'Db', properties);
  expect(physicalId).toMatch(/:secret:shop-Db-\w{12}-\w{6}$/);
  const password = part.readSecret(physicalId, 'password');
  expect(password).toMatch(/^[A-Za-z0-9]{24}$/);
  expect(part.readSecret(physicalId, 'username')).toBe('admin');
  await update(part, physicalId, properties, { ...properties, Description: 'the database' });
  expect(part.readSecret(physicalId, 'password')).toBe(password);
  await update(part, physicalId, properties, { GenerateSecretString: { PasswordLength: 9 } });
  expect(part.readSecret(physicalId)).toHaveLength(9);
});

test('a secret that is set to an earlier value again has that value', async () => {
  const part = secretsWith();
  const { physicalId } = await create(part, SECRET, 'Db', { SecretString: 'a' });
  await update(part, physicalId, { SecretString: 'a' }, { SecretString: 'b' });
  await update(part, physicalId, { SecretString: 'b' }, { SecretString: 'a' });
  expect(part.readSecret(physicalId)).toBe('a');
});

test('a secret of a template may be without a value and is gone at once when it is deleted', async () => {
  const part = secretsWith();
  const { physicalId } = await create(part, SECRET, 'Db', { Name: 'db' });
  expect(part.readSecret(physicalId)).toBeUndefined();
  await part.resources?.[SECRET]?.delete({ ...resourceRequest(SECRET, 'Db', {}), physicalId });
  const again = await create(part, SECRET, 'Db2', { Name: 'db', SecretString: 'x' });
  expect(again.physicalId).not.toBe(physicalId);
});

test('an attachment writes the address of the database into the secret, and takes it out again', async () => {
  const database = { engine: 'postgres', host: '127.0.0.1', port: 5433, dbname: 'main' };
  const part = secretsWith({ describeDatabase: (id) => (id === 'main-db' ? database : undefined) });
  const { physicalId } = await create(part, SECRET, 'Db', { SecretString: '{"username":"u","password":"p"}' });
  const properties = { SecretId: physicalId, TargetId: 'main-db', TargetType: 'AWS::RDS::DBInstance' };
  const made = await create(part, ATTACHMENT, 'Attached', properties);
  expect(made.physicalId).toBe(physicalId);
  expect(JSON.parse(part.readSecret(physicalId) ?? '')).toEqual({
    ...database,
    username: 'u',
    password: 'p',
    dbInstanceIdentifier: 'main-db',
  });
  await part.resources?.[ATTACHMENT]?.delete({ ...resourceRequest(ATTACHMENT, 'Attached', properties), physicalId });
  expect(JSON.parse(part.readSecret(physicalId) ?? '')).toEqual({ username: 'u', password: 'p' });
  const missing = create(part, ATTACHMENT, 'Other', { ...properties, TargetId: 'none' });
  await expect(missing).rejects.toThrow('DB instance none not found');
});

test('a policy of a secret is recorded under its ARN', async () => {
  const world = testWorld();
  const part = createSecrets(world);
  const { physicalId } = await create(part, SECRET, 'Db', {});
  const policy = { Version: '2012-10-17', Statement: [] };
  await create(part, 'AWS::SecretsManager::ResourcePolicy', 'P', { SecretId: physicalId, ResourcePolicy: policy });
  expect(world.store.table('secrets.policies').get(physicalId)).toEqual(policy);
});

test('a service keeps a secret of its own under one ARN', () => {
  const part = secretsWith();
  const arn = part.writeSecret('rds-db-main', 'first');
  expect(part.writeSecret('rds-db-main', 'second')).toBe(arn);
  expect(part.readSecret(arn)).toBe('second');
});
