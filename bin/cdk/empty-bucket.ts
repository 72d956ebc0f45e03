import { isNativeError } from 'node:util/types';
import { DeleteObjectsCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';

/**
 * Deletes every object of a bucket, because CloudFormation deletes none that holds any. Gives their number; a bucket that
 * is not there is empty.
 * @throws Error that names the first object that could not be deleted
 */
export const emptyBucket = async (client: S3Client, Bucket: string): Promise<number> => {
  let count = 0;
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
      const Objects = Contents.map(({ Key }) => ({ Key }));
      if (Objects.length === 0) continue;
      const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
      const [first] = Errors;
      if (first) throw new Error(`s3://${Bucket}/${first.Key} cannot be deleted: ${first.Message}`);
      count += Objects.length;
    }
  } catch (error) {
    if (!isNativeError(error) || error.name !== 'NoSuchBucket') throw error;
  }
  return count;
};
