import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSecrets } from '../../../infra/local/secrets/secrets.ts';
import { clientOptions, onWire } from '../../support/lone-part.ts';
import { testWorld } from '../test-world.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const started = async (grants: Record<string, string[]> = {}) => {
  const world = testWorld();
  const part = createSecrets(world);
  const front = await onWire(part, grants);
  cleanups.push(() => front.close());
  const clientAs = (accessKeyId?: string) => {
    const client = new SecretsManagerClient(clientOptions(front, accessKeyId));
    cleanups.push(() => client.destroy());
    return client;
  };
  return { world, part, client: clientAs(), clientAs };
};

test('a secret is read by name, by ARN and by an ARN without its suffix', async () => {
  const { client, part } = await started();
  const { ARN = '' } = await client.send(
    new CreateSecretCommand({ Name: 'prod/main-db', SecretString: '{"user":"a","n":1}' }),
  );
  expect(ARN).toMatch(/^arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod\/main-db-[A-Za-z0-9]{6}$/);
  for (const SecretId of ['prod/main-db', ARN, ARN.slice(0, -7)]) {
    const got = await client.send(new GetSecretValueCommand({ SecretId }));
    expect(got).toMatchObject({ ARN, SecretString: '{"user":"a","n":1}', VersionStages: ['AWSCURRENT'] });
  }
  expect(part.readSecret(ARN, 'user')).toBe('a');
  expect(part.readSecret(ARN, 'n')).toBe('1');
  expect(part.readSecret(ARN, 'none')).toBeUndefined();
  expect(part.readSecret('none')).toBeUndefined();
});

test('a secret without a value, and one that is not there, are not found, each in its own words', async () => {
  const { client } = await started();
  const get = (SecretId: string, more: object = {}) => client.send(new GetSecretValueCommand({ SecretId, ...more }));
  await client.send(new CreateSecretCommand({ Name: 'empty' }));
  const noValue = "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT";
  await expect(get('empty')).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: noValue });
  const noSecret = "Secrets Manager can't find the specified secret.";
  await expect(get('none')).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: noSecret });
  await expect(get('empty', { VersionId: randomUUID() })).rejects.toThrow('secret value for VersionId');
});

test('a secret that is marked for deletion is not there for an import, a restored one is', async () => {
  const { client, part } = await started();
  const { ARN: Id = '' } = await client.send(new CreateSecretCommand({ Name: 'db' }));
  const found = () => part.resources?.['AWS::SecretsManager::Secret']?.importing?.find({ Id });
  await client.send(new DeleteSecretCommand({ SecretId: 'db' }));
  expect(await found()).toBeUndefined();
  await client.send(new RestoreSecretCommand({ SecretId: 'db' }));
  expect(await found()).toEqual({ physicalId: Id, attributes: { Id } });
});

test('creating again succeeds only for the very same request', async () => {
  const { client } = await started();
  const request = { Name: 'db', SecretString: 'a', ClientRequestToken: randomUUID() };
  const first = await client.send(new CreateSecretCommand(request));
  const again = await client.send(new CreateSecretCommand(request));
  expect(again).toMatchObject({ ARN: first.ARN, VersionId: request.ClientRequestToken });
  const other = client.send(new CreateSecretCommand({ ...request, SecretString: 'b' }));
  await expect(other).rejects.toMatchObject({
    name: 'ResourceExistsException',
    message: 'The operation failed because the secret db already exists.',
  });
  await expect(client.send(new CreateSecretCommand({ Name: 'db' }))).rejects.toMatchObject({
    name: 'ResourceExistsException',
  });
});

test('a new value becomes current, the one before it previous, and a repeated token changes nothing', async () => {
  const { client } = await started();
  await client.send(new CreateSecretCommand({ Name: 'db', SecretString: 'one' }));
  const token = randomUUID();
  const put = (SecretString: string, ClientRequestToken: string) =>
    client.send(new PutSecretValueCommand({ SecretId: 'db', SecretString, ClientRequestToken }));
  const value = async (VersionStage: string) =>
    (await client.send(new GetSecretValueCommand({ SecretId: 'db', VersionStage }))).SecretString;
  await put('two', token);
  await put('two', token);
  expect([await value('AWSCURRENT'), await value('AWSPREVIOUS')]).toEqual(['two', 'one']);
  await expect(put('other', token)).rejects.toMatchObject({ name: 'ResourceExistsException' });
  await put('three', randomUUID());
  await put('four', randomUUID());
  await put('two', token);
  expect([await value('AWSCURRENT'), await value('AWSPREVIOUS')]).toEqual(['four', 'three']);
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: 'db' }));
  expect(
    Object.values(VersionIdsToStages ?? {})
      .flat()
      .sort(),
  ).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
});

test('whatever values are put, AWSCURRENT is the last new one and AWSPREVIOUS the one before', async () => {
  const { client } = await started();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 2, maxLength: 6 }), async (values) => {
      const Name = randomUUID();
      await client.send(new CreateSecretCommand({ Name }));
      for (const SecretString of values) await client.send(new UpdateSecretCommand({ SecretId: Name, SecretString }));
      const stage = async (VersionStage: string) =>
        (await client.send(new GetSecretValueCommand({ SecretId: Name, VersionStage }))).SecretString;
      expect([await stage('AWSPREVIOUS'), await stage('AWSCURRENT')]).toEqual(values.slice(-2));
    }),
    { numRuns: 15 },
  );
});

test('a pending version leaves the current one in place; binary values come back as bytes', async () => {
  const { client } = await started();
  await client.send(new CreateSecretCommand({ Name: 'db', SecretBinary: Buffer.from([0, 255]) }));
  await client.send(new PutSecretValueCommand({ SecretId: 'db', SecretString: 'next', VersionStages: ['AWSPENDING'] }));
  const current = await client.send(new GetSecretValueCommand({ SecretId: 'db' }));
  expect(Buffer.from(current.SecretBinary ?? [])).toEqual(Buffer.from([0, 255]));
  const pending = await client.send(new GetSecretValueCommand({ SecretId: 'db', VersionStage: 'AWSPENDING' }));
  expect(pending.SecretString).toBe('next');
});

test('a deleted secret blocks its name until it is restored or deleted by force', async () => {
  const { client, part } = await started();
  const { ARN } = await client.send(new CreateSecretCommand({ Name: 'db', SecretString: 'a' }));
  const SecretId = 'db';
  await client.send(new DeleteSecretCommand({ SecretId }));
  await expect(client.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: "You can't perform this operation on the secret because it was marked for deletion.",
  });
  expect(part.readSecret('db')).toBeUndefined();
  await expect(client.send(new CreateSecretCommand({ Name: 'db' }))).rejects.toThrow('already scheduled for deletion');
  expect((await client.send(new DescribeSecretCommand({ SecretId }))).DeletedDate).toBeInstanceOf(Date);
  await client.send(new RestoreSecretCommand({ SecretId }));
  expect(part.readSecret('db')).toBe('a');
  await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  const again = await client.send(new CreateSecretCommand({ Name: 'db' }));
  expect(again.ARN).not.toBe(ARN);
});

test('secrets are listed by page and by filter, with their tags', async () => {
  const { client } = await started();
  for (const Name of ['prod/a', 'prod/b', 'test/a'])
    await client.send(new CreateSecretCommand({ Name, Tags: [{ Key: 'at', Value: Name }] }));
  await client.send(new TagResourceCommand({ SecretId: 'prod/b', Tags: [{ Key: 'owner', Value: 'shop' }] }));
  await client.send(new UntagResourceCommand({ SecretId: 'prod/b', TagKeys: ['at'] }));
  const names = async (more: object) =>
    (await client.send(new ListSecretsCommand(more))).SecretList?.map(({ Name }) => Name);
  expect(await names({ Filters: [{ Key: 'name', Values: ['prod/'] }] })).toEqual(['prod/a', 'prod/b']);
  expect(await names({ Filters: [{ Key: 'tag-key', Values: ['owner'] }] })).toEqual(['prod/b']);
  const first = await client.send(new ListSecretsCommand({ MaxResults: 2 }));
  expect(await names({ NextToken: first.NextToken })).toEqual(['test/a']);
  const { Tags } = await client.send(new DescribeSecretCommand({ SecretId: 'prod/b' }));
  expect(Tags).toEqual([{ Key: 'owner', Value: 'shop' }]);
});

test('a role reads only what its policy names', async () => {
  const arn = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret';
  const grants: Record<string, string[]> = { reader: [] };
  const { client, clientAs } = await started(grants);
  const { ARN } = await client.send(new CreateSecretCommand({ Name: 'mine', SecretString: 'a' }));
  await client.send(new CreateSecretCommand({ Name: 'other', SecretString: 'b' }));
  grants['reader'] = [`secretsmanager:GetSecretValue ${ARN}`, `secretsmanager:GetSecretValue ${arn}:none`];
  const get = (SecretId: string) => clientAs('reader').send(new GetSecretValueCommand({ SecretId }));
  expect((await get('mine')).SecretString).toBe('a');
  await expect(get('other')).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(get('none')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a random password has the length and the alphabets asked for', async () => {
  const { client } = await started();
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 4, max: 60 }),
      fc.string({ maxLength: 5 }),
      async (PasswordLength, ExcludeCharacters) => {
        const { RandomPassword = '' } = await client.send(
          new GetRandomPasswordCommand({ PasswordLength, ExcludeCharacters, ExcludePunctuation: true }),
        );
        expect(RandomPassword).toHaveLength(PasswordLength);
        expect(RandomPassword).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z\d]+$/);
        for (const character of ExcludeCharacters) expect(RandomPassword).not.toContain(character);
      },
    ),
    { numRuns: 25 },
  );
});
