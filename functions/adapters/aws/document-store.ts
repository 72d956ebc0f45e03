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

  const send = (key: string, document: unknown, more: { readonly IfNoneMatch?: '*' } = {}) =>
    client.send(
      new PutObjectCommand({
        ...place(key),
        Body: JSON.stringify(document),
        ContentType: 'application/json',
        ...more,
      }),
    );

  const write = async (key: string, document: unknown): Promise<'written' | Taken> => {
    try {
      await send(key, document, { IfNoneMatch: '*' });
      return 'written';
    } catch (error) {
      const taken = error instanceof S3ServiceException ? TAKEN.get(error.$metadata.httpStatusCode ?? 0) : undefined;
      if (!taken) throw error;
      return taken;
    }
  };

  return {
    find,
    /** @throws Error when another document stands under the key: nothing was overwritten. */
    put: async (key, document, { byContent = false } = {}) => {
      // Always written: the bucket forgets documents by their age, which is to count from their last use.
      if (byContent) {
        await send(key, document);
        return;
      }
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const answer = await write(key, document);
        if (answer === 'written') return;
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

type Taken = 'there' | 'being written';

/** What S3 says of a key that is not free; 409: another conditional write is under way, and may yet fail. */
const TAKEN: ReadonlyMap<number, Taken> = new Map([
  [412, 'there'],
  [409, 'being written'],
]);
