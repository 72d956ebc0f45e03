import { createHash } from 'node:crypto';
import type { World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { objectBytes } from './object-bytes.ts';

export interface Bucket {
  readonly name: string;
  readonly createdAt: number;
  /** The seed of the template resource that made it, so that a create which a crash interrupted finds its own. */
  readonly seed?: string;
  /** Tells the default event bus of every change of an object. */
  readonly notifies?: boolean;
}

export interface StoredObject {
  readonly key: string;
  /** Hex SHA-256: the name of the bytes. */
  readonly hash: string;
  readonly etag: string;
  readonly size: number;
  readonly modifiedAt: number;
  /** Headers that come back with the object: content-type, x-amz-meta-*, checksums. */
  readonly headers: Readonly<Record<string, string>>;
}

export type Buckets = ReturnType<typeof bucketsOf>;

/** Buckets and their objects; a write is whole or absent, also after a kill. */
export const bucketsOf = (world: World, directory?: string) => {
  const buckets = world.store.table<Bucket>('s3.buckets');
  const objects = world.store.table<StoredObject>('s3.objects');
  const bytes = objectBytes(world.store, directory);

  const drop = (bucket: string, object: StoredObject | undefined) => {
    if (object) bytes.remove(bytesName(bucket, object));
  };
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
  const tell = (name: string, what: 'Object Created' | 'Object Deleted', object: object, reason: string) => {
    if (!buckets.get(name)?.notifies) return;
    const detail = { version: '0', bucket: { name }, object, reason };
    world.emit({ source: 'aws.s3', 'detail-type': what, resources: [`arn:aws:s3:::${name}`], detail });
  };
  const listObjects = (bucket: string, prefix = '') => objects.list(`${bucket}/${prefix}`).map(({ value }) => value);

  return {
    find: (name: string) => buckets.get(name),
    list: () => buckets.list().map(({ value }) => value),
    create: (name: string, seed?: string) => {
      if (!BUCKET_NAME.test(name)) throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
      buckets.put(name, { name, createdAt: world.clock.now(), ...(seed && { seed }) });
    },
    /** Whether it sends events, as its notification configuration says. */
    notify: (name: string, notifies: boolean) => {
      const bucket = buckets.get(name);
      if (bucket) buckets.put(name, { ...bucket, notifies });
    },
    delete: (name: string) => {
      if (listObjects(name).length > 0)
        throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
      buckets.delete(name);
    },
    findObject: (bucket: string, key: string) => objects.get(`${bucket}/${key}`),
    bytesOf: (bucket: string, object: StoredObject) => bytes.read(bytesName(bucket, object)),
    listObjects,
    putObject: (bucket: string, key: string, body: Buffer, headers: StoredObject['headers']): StoredObject => {
      const object: StoredObject = {
        key,
        hash: createHash('sha256').update(body).digest('hex'),
        etag: `"${createHash('md5').update(body).digest('hex')}"`,
        size: body.length,
        modifiedAt: world.clock.now(),
        headers,
      };
      const old = objects.get(`${bucket}/${key}`);
      bytes.write(bytesName(bucket, object), body);
      objects.put(`${bucket}/${key}`, object);
      if (old?.hash !== object.hash) drop(bucket, old);
      tell(bucket, 'Object Created', { key, size: object.size, etag: object.etag.slice(1, -1) }, 'PutObject');
      return object;
    },
    deleteObject: (bucket: string, key: string) => {
      const old = objects.get(`${bucket}/${key}`);
      objects.delete(`${bucket}/${key}`);
      drop(bucket, old);
      if (old) tell(bucket, 'Object Deleted', { key }, 'DeleteObject');
    },
  };
};

/** One file per (bucket, key, content): no two objects share bytes, so removing one never harms another. */
const bytesName = (bucket: string, { key, hash }: { key: string; hash: string }): string =>
  `${createHash('sha256').update(`${bucket}/${key}`).digest('hex').slice(0, 32)}-${hash}`;

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
const BUCKET_NAME = /^(?!xn--|\d+\.\d+\.\d+\.\d+$)[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9]$/;
