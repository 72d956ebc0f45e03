import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { sameJson } from '../../domain/same-json.ts';
import type { DocumentStore } from '../../ports.ts';

export interface DocumentPlace {
  readonly bucket: string;
  /** Empty, or ending in a slash. */
  readonly prefix?: string;
  readonly region: string;
}

/** Two writers of one key can keep each other away (409); the winner's document is there at the next look. */
const MOST_TRIES = 5;

/**
 * JSON documents in S3, each key written once. The role needs s3:ListBucket on the bucket: without it S3 answers a
 * missing key with AccessDenied, which is thrown.
 */
export const s3DocumentStore = (client: S3Client, { bucket, prefix = '', region }: DocumentPlace): DocumentStore => {
  const place = (key: string) => ({ Bucket: bucket, Key: `${prefix}${key}` });

  const find = async <T>(key: string): Promise<T | undefined> => {
    try {
      const { Body } = await client.send(new GetObjectCommand(place(key)));
      return Body && JSON.parse(await Body.transformToString('utf-8'));
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  };

  /** False when the key is taken, or somebody is taking it. */
  const written = async (key: string, document: unknown): Promise<boolean> => {
    try {
      const Body = JSON.stringify(document);
      await client.send(
        new PutObjectCommand({ ...place(key), Body, ContentType: 'application/json', IfNoneMatch: '*' }),
      );
      return true;
    } catch (error) {
      if (error instanceof S3ServiceException && isTaken(error)) return false;
      throw error;
    }
  };

  return {
    find,
    /** @throws Error when another document stands under the key: nothing was overwritten. */
    put: async (key, document) => {
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        if (await written(key, document)) return;
        const standing = await find(key);
        if (standing === undefined) continue;
        if (sameJson(standing, document)) return;
        throw new Error(`${bucket}/${prefix}${key} holds another document already; it was not changed`);
      }
      throw new Error(`${bucket}/${prefix}${key} could not be written: ${MOST_TRIES} times another writer was at it`);
    },
    url: (key) => `https://s3.${region}.amazonaws.com/${bucket}/${prefix}${key}`,
  };
};

/** 412: an object stands there. 409: another conditional write is under way. */
const isTaken = ({ $metadata }: S3ServiceException): boolean =>
  $metadata.httpStatusCode === 412 || $metadata.httpStatusCode === 409;
