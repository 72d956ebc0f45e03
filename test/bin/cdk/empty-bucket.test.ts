import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, expect, test } from '@jest/globals';
import { emptyBucket } from '../../../bin/cdk/empty-bucket.ts';
import { createS3 } from '../../../infra/local/s3/s3.ts';
import type { Front } from '../../../infra/local/wire/front.ts';
import { testWorld } from '../../local/test-world.ts';
import { clientOptions, onWire } from '../../support/lone-part.ts';

let front: Front | undefined;
afterEach(() => front?.close());

const Bucket = 'slipway-documents';

const client = async (grants?: Parameters<typeof onWire>[1], accessKeyId = 'operator') => {
  front = await onWire(createS3(testWorld()), grants);
  const operator = new S3Client(clientOptions(front));
  await operator.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }),
  );
  for (const Key of ['templates/a', 'plans/b', 'c'])
    await operator.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  return { operator, caller: new S3Client(clientOptions(front, accessKeyId)) };
};

test('every object goes, and their number is told', async () => {
  const { operator } = await client();
  expect(await emptyBucket(operator, Bucket)).toBe(3);
  expect((await operator.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  expect(await emptyBucket(operator, Bucket)).toBe(0);
});

test('a bucket that is not there is empty', async () => {
  const { operator } = await client();
  expect(await emptyBucket(operator, 'nobody-made-this')).toBe(0);
});

test('what may not be deleted is named', async () => {
  const { caller } = await client({ reader: [`s3:ListBucket arn:aws:s3:::${Bucket}`] }, 'reader');
  await expect(emptyBucket(caller, Bucket)).rejects.toThrow(`s3://${Bucket}/c cannot be deleted`);
});
