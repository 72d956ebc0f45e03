import { HeadBucketCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { StepFailure } from '../../domain/failure.ts';
import type { BucketReader } from '../../ports.ts';

/** Buckets of one account: their names are the whole world's, so the owner is asked for as well. */
export const s3BucketReader = (client: S3Client, account: string): BucketReader => ({
  exists: async (name) => {
    try {
      await client.send(new HeadBucketCommand({ Bucket: name, ExpectedBucketOwner: account }));
      return true;
    } catch (error) {
      // The answer to HEAD has no body, so that its status is all there is to go by.
      const status = error instanceof S3ServiceException && error.$metadata.httpStatusCode;
      if (status === 404) return false;
      throw status === 403 ? foreign(name, account) : error;
    }
  },
});

const foreign = (name: string, account: string) =>
  new StepFailure({
    code: 'ImportRefused',
    message: `Bucket ${name} belongs to another account than ${account}, or the deploy role may not look at it`,
    left: 'Nothing was imported',
    remedy: 'Give the blobstore another name, or the role the right to list the bucket',
  });
