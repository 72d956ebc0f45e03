import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { s3DocumentStore } from '../../../functions/adapters/aws/document-store.ts';

const client = new S3Client({ region: 'eu-central-1' });
const mock = mockClient(client);
beforeEach(() => {
  mock.reset();
});

const store = s3DocumentStore(client, { bucket: 'documents', region: 'eu-central-1' });
const failure = (name: string, httpStatusCode: number) =>
  new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode } });
const noKey = new NoSuchKey({ message: 'no key', $metadata: { httpStatusCode: 404 } });

test('a document is written only where nothing stands', async () => {
  mock.on(PutObjectCommand).resolves({});
  await store.put('a.json', { a: 1 });
  expect(mock.commandCalls(PutObjectCommand)[0]?.args[0].input).toEqual({
    Bucket: 'documents',
    Key: 'a.json',
    Body: '{"a":1}',
    ContentType: 'application/json',
    IfNoneMatch: '*',
  });
});

test('a document under the key of its content is always written, so that its age counts from its last use', async () => {
  mock.on(PutObjectCommand).resolves({});
  for (let times = 0; times < 2; times++) await store.put('a.json', { a: 1 }, { byContent: true });
  const inputs = mock.commandCalls(PutObjectCommand).map(({ args }) => args[0].input);
  expect(inputs).toHaveLength(2);
  for (const input of inputs) expect(input).not.toHaveProperty('IfNoneMatch');
});

test('a writer that another one kept away looks again, and writes when nothing came of it', async () => {
  mock.on(PutObjectCommand).rejectsOnce(failure('ConditionalRequestConflict', 409)).resolves({});
  mock.on(GetObjectCommand).rejects(noKey);
  await store.put('a.json', { a: 1 });
  expect(mock.commandCalls(PutObjectCommand)).toHaveLength(2);
});

test('a writer that is always kept away says so', async () => {
  mock.on(PutObjectCommand).rejects(failure('ConditionalRequestConflict', 409));
  mock.on(GetObjectCommand).rejects(noKey);
  await expect(store.put('a.json', { a: 1 })).rejects.toThrow('documents/a.json could not be written');
});

test('a refusal for want of permission is thrown, not taken for a missing document', async () => {
  mock.on(PutObjectCommand).rejects(failure('AccessDenied', 403));
  mock.on(GetObjectCommand).rejects(failure('AccessDenied', 403));
  await expect(store.put('a.json', { a: 1 })).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(store.find('a.json')).rejects.toMatchObject({ name: 'AccessDenied' });
});
