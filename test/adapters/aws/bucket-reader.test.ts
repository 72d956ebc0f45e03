import { CreateBucketCommand, HeadBucketCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { s3BucketReader } from '../../../functions/adapters/aws/bucket-reader.ts';
import { createS3 } from '../../../infra/local/s3/s3.ts';
import { testWorld } from '../../local/test-world.ts';
import { clientOptions, onWire } from '../../support/lone-part.ts';

test('a bucket is there or it is not', async () => {
  const front = await onWire(createS3(testWorld()));
  try {
    const client = new S3Client({ ...clientOptions(front), forcePathStyle: true });
    const LocationConstraint = testWorld().region as 'eu-west-1';
    await client.send(
      new CreateBucketCommand({ Bucket: 'uploads', CreateBucketConfiguration: { LocationConstraint } }),
    );
    const reader = s3BucketReader(client, '111122223333');
    expect(await reader.exists('uploads')).toBe(true);
    expect(await reader.exists('downloads')).toBe(false);
  } finally {
    await front.close();
  }
});

const answering = (httpStatusCode: number) => {
  const client = new S3Client({ region: 'eu-west-1' });
  const failure = new S3ServiceException({ name: 'UnknownError', $fault: 'client', $metadata: { httpStatusCode } });
  const mock = mockClient(client);
  mock.on(HeadBucketCommand).rejects(failure);
  return { reader: s3BucketReader(client, '111122223333'), mock };
};

test('a bucket of somebody else is refused in words, and only our own account is asked about', async () => {
  const { reader, mock } = answering(403);
  await expect(reader.exists('uploads')).rejects.toMatchObject({
    name: 'ImportRefused',
    message: expect.stringContaining('uploads belongs to another account than 111122223333'),
  });
  expect(mock.commandCalls(HeadBucketCommand)[0]?.args[0].input).toEqual({
    Bucket: 'uploads',
    ExpectedBucketOwner: '111122223333',
  });
});

test('whatever else goes wrong is thrown', async () => {
  await expect(answering(503).reader.exists('uploads')).rejects.toMatchObject({ name: 'UnknownError' });
});
