import type { Part, World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { bucketResources } from './bucket-resources.ts';
import { bucketsOf } from './buckets.ts';
import { s3Service } from './s3-service.ts';
import { findTemplateObject } from './template-url.ts';

export interface S3 {
  readObject(bucket: string, key: string): Buffer | undefined;
  /** Changes with the object's bytes; undefined where there is none. */
  hashOfObject(bucket: string, key: string): string | undefined;
  /**
   * The text behind a CloudFormation TemplateURL.
   * @throws AwsError ValidationError, in CloudFormation's words
   */
  fetchUrl(url: string): Promise<string>;
}

export interface S3Options {
  /** Where the bytes of the objects lie; without it they stand in the store. */
  readonly directory?: string;
}

/** S3: REST in path style, objects with metadata, buckets from templates. */
export const createS3 = (world: World, { directory }: S3Options = {}): Part & S3 => {
  const buckets = bucketsOf(world, directory);
  const readObject = (bucket: string, key: string) => {
    const found = buckets.findObject(bucket, key);
    return found && buckets.bytesOf(bucket, found);
  };
  return {
    services: [s3Service(world, buckets)],
    resources: bucketResources(world, buckets),
    readObject,
    hashOfObject: (bucket, key) => buckets.findObject(bucket, key)?.hash,
    fetchUrl: async (url) => {
      const place = findTemplateObject(url);
      if (!place) throw new AwsError('ValidationError', 'TemplateURL must be a supported URL.');
      const bytes = readObject(place.bucket, place.key);
      if (bytes) return bytes.toString('utf8');
      const cause = buckets.find(place.bucket) ? 'The specified key does not exist.' : 'Access Denied';
      throw new AwsError('ValidationError', `S3 error: ${cause}\n${MORE_ABOUT_ERRORS}`);
    },
  };
};

const MORE_ABOUT_ERRORS =
  'For more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html';
