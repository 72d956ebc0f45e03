import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, expect, test } from '@jest/globals';
import { createS3 } from '../../../infra/local/s3/s3.ts';
import { openStore } from '../../../infra/local/store.ts';
import type { Front } from '../../../infra/local/wire/front.ts';
import { clientOptions, onWire } from '../../support/lone-part.ts';
import { resourceRequest, testWorld } from '../test-world.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const directory = () => {
  const path = mkdtempSync(join(tmpdir(), 's3-'));
  cleanups.push(() => rmSync(path, { recursive: true }));
  return path;
};

const started = async (options: { directory?: string } = {}, grants: Record<string, string[]> = {}) => {
  const world = testWorld();
  const part = createS3(world, options);
  const front: Front = await onWire(part, grants);
  cleanups.push(() => front.close());
  const client = (accessKeyId?: string) => {
    const made = new S3Client(clientOptions(front, accessKeyId));
    cleanups.push(() => made.destroy());
    return made;
  };
  await client().send(new CreateBucketCommand({ Bucket: 'shop' }));
  return { world, part, front, client: client(), clientAs: client };
};

const text = (answer: { Body?: { transformToString(): Promise<string> } | undefined }) =>
  answer.Body?.transformToString();

test('an object comes back with its bytes, type, metadata and ETag', async () => {
  const { client } = await started();
  const Key = 'releases/ü b+c & <d>.json';
  const put = await client.send(
    new PutObjectCommand({
      Bucket: 'shop',
      Key,
      Body: '{"a":1}',
      ContentType: 'application/json',
      Metadata: { fence: '7' },
    }),
  );
  const got = await client.send(new GetObjectCommand({ Bucket: 'shop', Key }));
  expect(await text(got)).toBe('{"a":1}');
  expect(got).toMatchObject({
    ContentType: 'application/json',
    ContentLength: 7,
    Metadata: { fence: '7' },
    ETag: put.ETag,
  });
  expect(put.ETag).toBe('"bb6cb5c68df4652941caf652a366f2d8"');
  const head = await client.send(new HeadObjectCommand({ Bucket: 'shop', Key }));
  expect(head).toMatchObject({ ContentLength: 7, ETag: put.ETag, Metadata: { fence: '7' } });
});

test('a streamed upload loses its chunk frames and keeps its trailing checksum', async () => {
  const { client, part } = await started();
  const Body = Readable.from([Buffer.from('hel'), Buffer.from('lo\r\n'), Buffer.alloc(70_000, 'x')]);
  await client.send(new PutObjectCommand({ Bucket: 'shop', Key: 'k', Body, ContentLength: 70_007 }));
  expect(part.readObject('shop', 'k')?.toString()).toBe(`hello\r\n${'x'.repeat(70_000)}`);
  const got = await client.send(new GetObjectCommand({ Bucket: 'shop', Key: 'k' }));
  expect(got.ChecksumCRC32).toMatch(/^[\w+/]{6}==$/);
  expect(got.ContentEncoding).toBeUndefined();
  expect((await text(got))?.length).toBe(70_007);
});

test('bytes that do not match their checksum are refused', async () => {
  const { client, part } = await started();
  const bad = new PutObjectCommand({ Bucket: 'shop', Key: 'k', Body: 'x', ChecksumSHA256: 'AAAA' });
  await expect(client.send(bad)).rejects.toMatchObject({ name: 'BadDigest' });
  expect(part.readObject('shop', 'k')).toBeUndefined();
});

test('a part of an object is served by range', async () => {
  const { client } = await started();
  await client.send(new PutObjectCommand({ Bucket: 'shop', Key: 'k', Body: '0123456789' }));
  const ranged = async (Range: string) => client.send(new GetObjectCommand({ Bucket: 'shop', Key: 'k', Range }));
  const middle = await ranged('bytes=2-4');
  expect(middle.ContentRange).toBe('bytes 2-4/10');
  expect(await text(middle)).toBe('234');
  expect(await text(await ranged('bytes=-3'))).toBe('789');
  expect(await text(await ranged('bytes=8-99'))).toBe('89');
  await expect(ranged('bytes=10-')).rejects.toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
});

test('of two writers with If-None-Match only the first succeeds', async () => {
  const { client, part } = await started();
  const put = (Body: string, more: object) =>
    client.send(new PutObjectCommand({ Bucket: 'shop', Key: 'k', Body, ...more }));
  const { ETag } = await put('first', { IfNoneMatch: '*' });
  await expect(put('second', { IfNoneMatch: '*' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
    $metadata: { httpStatusCode: 412 },
  });
  await expect(put('second', { IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  expect(part.readObject('shop', 'k')?.toString()).toBe('first');
  await put('third', { IfMatch: ETag });
  expect(part.readObject('shop', 'k')?.toString()).toBe('third');
});

test('what is missing is named: bucket, key, and a HEAD without a body', async () => {
  const { client } = await started();
  const get = (Bucket: string) => client.send(new GetObjectCommand({ Bucket, Key: 'none' }));
  await expect(get('shop')).rejects.toMatchObject({
    name: 'NoSuchKey',
    message: 'The specified key does not exist.',
    $metadata: { httpStatusCode: 404 },
  });
  await expect(get('other')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  await expect(client.send(new HeadObjectCommand({ Bucket: 'shop', Key: 'none' }))).rejects.toMatchObject({
    name: 'NotFound',
  });
  await expect(client.send(new HeadBucketCommand({ Bucket: 'other' }))).rejects.toMatchObject({ name: 'NotFound' });
  await client.send(new DeleteObjectCommand({ Bucket: 'shop', Key: 'none' }));
});

test('a missing key is NoSuchKey only to a role that may list the bucket', async () => {
  const { client, clientAs } = await started(
    {},
    {
      reader: ['s3:GetObject arn:aws:s3:::shop/k'],
      lister: ['s3:GetObject arn:aws:s3:::shop/k', 's3:ListBucket arn:aws:s3:::shop'],
    },
  );
  const get = (who: string) => clientAs(who).send(new GetObjectCommand({ Bucket: 'shop', Key: 'k' }));
  await expect(get('reader')).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  await expect(get('lister')).rejects.toMatchObject({ name: 'NoSuchKey' });
  await client.send(new PutObjectCommand({ Bucket: 'shop', Key: 'k', Body: 'x' }));
  expect(await text(await get('reader'))).toBe('x');
  const write = new PutObjectCommand({ Bucket: 'shop', Key: 'k', Body: 'y' });
  await expect(clientAs('reader').send(write)).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('listing pages through keys in byte order and folds folders', async () => {
  const { client } = await started();
  const keys = ['a/1', 'a/2', 'a/b/3', 'c', 'ä', 'b/4'];
  for (const Key of keys) await client.send(new PutObjectCommand({ Bucket: 'shop', Key, Body: Key }));
  const paged: string[] = [];
  for await (const page of paginateListObjectsV2({ client, pageSize: 2 }, { Bucket: 'shop' }))
    paged.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
  expect(paged).toEqual(['a/1', 'a/2', 'a/b/3', 'b/4', 'c', 'ä']);
  const folder = await client.send(new ListObjectsV2Command({ Bucket: 'shop', Prefix: 'a/', Delimiter: '/' }));
  expect(folder.Contents?.map(({ Key }) => Key)).toEqual(['a/1', 'a/2']);
  expect(folder.CommonPrefixes).toEqual([{ Prefix: 'a/b/' }]);
  expect(folder).toMatchObject({ KeyCount: 3, IsTruncated: false });
  await expect(
    client.send(new ListObjectsV2Command({ Bucket: 'shop', ContinuationToken: 'made-up' })),
  ).rejects.toMatchObject({ name: 'InvalidArgument' });
});

test('buckets are created once, found, placed in the region, and deleted only when empty', async () => {
  const { client } = await started();
  await expect(client.send(new CreateBucketCommand({ Bucket: 'shop' }))).rejects.toMatchObject({
    name: 'BucketAlreadyOwnedByYou',
  });
  await expect(client.send(new CreateBucketCommand({ Bucket: 'No' }))).rejects.toMatchObject({
    name: 'InvalidBucketName',
  });
  expect((await client.send(new GetBucketLocationCommand({ Bucket: 'shop' }))).LocationConstraint).toBe('eu-central-1');
  expect((await client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual(['shop']);
  for (const Key of ['a&b', 'c']) await client.send(new PutObjectCommand({ Bucket: 'shop', Key, Body: 'x' }));
  await expect(client.send(new DeleteBucketCommand({ Bucket: 'shop' }))).rejects.toMatchObject({
    name: 'BucketNotEmpty',
  });
  const Objects = [{ Key: 'a&b' }, { Key: 'c' }];
  const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket: 'shop', Delete: { Objects } }));
  expect(Deleted).toEqual(Objects);
  await client.send(new DeleteBucketCommand({ Bucket: 'shop' }));
  await expect(client.send(new HeadBucketCommand({ Bucket: 'shop' }))).rejects.toMatchObject({ name: 'NotFound' });
});

test('objects outlive the process: store and folder opened again hold the same bytes', async () => {
  const folder = directory();
  const file = join(folder, 'cloud.db');
  const open = () => {
    const store = openStore(file);
    return { store, part: createS3(testWorld({ store }), { directory: join(folder, 'objects') }) };
  };
  const first = open();
  const front = await onWire(first.part);
  const client = new S3Client(clientOptions(front));
  await client.send(new CreateBucketCommand({ Bucket: 'shop' }));
  for (const Body of ['old', 'new']) await client.send(new PutObjectCommand({ Bucket: 'shop', Key: 'k', Body }));
  client.destroy();
  await front.close();
  first.store.close();
  const second = open();
  expect(second.part.readObject('shop', 'k')?.toString()).toBe('new');
  expect(readdirSync(join(folder, 'objects'))).toHaveLength(1);
  second.store.close();
});

test.each([
  ['https://s3.eu-west-1.amazonaws.com/shop/t/app.json'],
  ['https://s3.amazonaws.com/shop/t/app.json'],
  ['https://shop.s3.eu-west-1.amazonaws.com/t/app.json'],
  ['http://127.0.0.1:4566/shop/t/app.json'],
])('a template is read from %s', async (url) => {
  const { client, part } = await started();
  await client.send(new PutObjectCommand({ Bucket: 'shop', Key: 't/app.json', Body: '{}' }));
  expect(await part.fetchUrl(url)).toBe('{}');
});

test('a template that is not there, or not in S3, is a validation error', async () => {
  const { part } = await started();
  const missing = part.fetchUrl('https://s3.eu-west-1.amazonaws.com/shop/none.json');
  await expect(missing).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining('S3 error: The specified key'),
  });
  await expect(part.fetchUrl('https://example.com/shop/none.json')).rejects.toThrow(
    'TemplateURL must be a supported URL.',
  );
});

test('a bucket of a template takes its name or gets one, is made once, and is not deleted with objects in it', async () => {
  const { part, client } = await started();
  const provider = part.resources?.['AWS::S3::Bucket'];
  const request = resourceRequest('AWS::S3::Bucket', 'Templates', {});
  const made = await provider?.create(request);
  expect(made?.physicalId).toMatch(/^shop-templates-[a-z0-9]{12}$/);
  expect(made?.attributes).toMatchObject({
    Arn: `arn:aws:s3:::${made?.physicalId}`,
    RegionalDomainName: `${made?.physicalId}.s3.eu-central-1.amazonaws.com`,
  });
  expect(await provider?.create(request)).toEqual(made);
  await expect(provider?.create(resourceRequest('AWS::S3::Bucket', 'Other', { BucketName: 'shop' }))).rejects.toThrow(
    'shop already exists',
  );
  const Bucket = made?.physicalId ?? '';
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
  const deleted = () => provider?.delete({ ...request, physicalId: Bucket });
  await expect(deleted()).rejects.toThrow('The bucket you tried to delete is not empty');
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  await deleted();
  await expect(client.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'NotFound' });
});

test('every bucket is encrypted under keys of S3, and whoever may ask is told so', async () => {
  const { client, clientAs } = await started({}, { reader: ['s3:ListBucket arn:aws:s3:::shop'] });
  const ask = new GetBucketEncryptionCommand({ Bucket: 'shop' });
  const { ServerSideEncryptionConfiguration } = await client.send(ask);
  expect(ServerSideEncryptionConfiguration?.Rules).toEqual([
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
  ]);
  await expect(clientAs('reader').send(ask)).rejects.toThrow('s3:GetEncryptionConfiguration');
});

test('a bucket tells the bus of its objects as long as its template says so', async () => {
  const { world, part, client } = await started();
  const provider = part.resources?.['AWS::S3::Bucket'];
  const told = (enabled?: boolean) =>
    resourceRequest('AWS::S3::Bucket', 'Files', {
      BucketName: 'files',
      ...(enabled !== undefined && {
        NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: enabled } },
      }),
    });
  await provider?.create(told(true));
  const change = async () => {
    for (const Bucket of ['files', 'shop']) {
      await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '123' }));
      await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    }
  };
  await change();
  expect(world.emitted).toMatchObject([
    {
      source: 'aws.s3',
      'detail-type': 'Object Created',
      detail: { bucket: { name: 'files' }, object: { key: 'a', size: 3 } },
    },
    { source: 'aws.s3', 'detail-type': 'Object Deleted', detail: { bucket: { name: 'files' }, object: { key: 'a' } } },
  ]);
  for (const off of [false, undefined]) {
    await provider?.update({ ...told(off), physicalId: 'files', previous: {} });
    await change();
  }
  expect(world.emitted).toHaveLength(2);
});
