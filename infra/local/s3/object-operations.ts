import { AwsError, type WireRequest } from '../wire/service.ts';
import type { Buckets, StoredObject } from './buckets.ts';
import { byteRangeFrom } from './byte-range.ts';
import type { S3Call, S3Operation } from './s3-service.ts';
import { uploadFrom } from './upload.ts';

/** The operations on objects, by name. */
export const objectOperations = (buckets: Buckets): Readonly<Record<string, S3Operation>> => ({
  PutObject: (call) => {
    const { request, bucket, key, allow } = call;
    allow('PutObject');
    if (request.headers['x-amz-copy-source'])
      throw new AwsError('NotImplemented', 'CopyObject is not known to this S3.', 501);
    if (Buffer.byteLength(key) > 1024) throw new AwsError('KeyTooLongError', 'Your key is too long');
    const { body, headers } = uploadFrom(request);
    checkWriteConditions(request, buckets.findObject(bucket, key));
    const { etag } = buckets.putObject(bucket, key, body, headers);
    return { status: 200, headers: { etag, ...checksumsOf(headers) } };
  },
  GetObject: (call) => {
    const object = found(call, buckets);
    const whole = buckets.bytesOf(call.bucket, object);
    const range = byteRangeFrom(call.request.headers['range'], object.size);
    if (!range) return { status: 200, headers: headersOf(object, call.request), body: whole };
    const { first, last } = range;
    const headers = {
      // A checksum of the whole object would make the client refuse the part.
      ...headersOf(object),
      'content-length': String(last - first + 1),
      'content-range': `bytes ${first}-${last}/${object.size}`,
    };
    return { status: 206, headers, body: whole.subarray(first, last + 1) };
  },
  HeadObject: (call) => {
    const object = found(call, buckets);
    return { status: 200, headers: headersOf(object, call.request) };
  },
  DeleteObject: ({ bucket, key, allow }) => {
    allow('DeleteObject');
    buckets.deleteObject(bucket, key);
    return { status: 204 };
  },
});

/** S3 tells whether a key exists only to those who may list the bucket: for all others a missing object is AccessDenied. */
const found = ({ request, bucket, key, allow }: S3Call, buckets: Buckets): StoredObject => {
  allow('GetObject');
  const object = buckets.findObject(bucket, key);
  if (!object) {
    allow('ListBucket', '');
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  }
  const { 'if-match': match, 'if-none-match': noneMatch } = request.headers;
  if (match !== undefined && !matches(match, object)) throw preconditionFailed('If-Match');
  if (noneMatch !== undefined && matches(noneMatch, object))
    throw new AwsError('NotModified', 'Not Modified', 304, { ETag: object.etag });
  return object;
};

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
const checkWriteConditions = ({ headers }: WireRequest, object: StoredObject | undefined) => {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (noneMatch !== undefined && noneMatch !== '*')
    throw new AwsError('NotImplemented', 'If-None-Match on a write takes * alone', 501);
  if (noneMatch !== undefined && object) throw preconditionFailed('If-None-Match');
  if (match === undefined) return;
  if (!object) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  if (!matches(match, object)) throw preconditionFailed('If-Match');
};

const preconditionFailed = (condition: string) =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition: condition,
  });

const matches = (condition: string, { etag }: StoredObject) =>
  condition.split(',').some((part) => ['*', etag, etag.slice(1, -1)].includes(part.trim()));

const headersOf = (object: StoredObject, request?: WireRequest): Record<string, string> => {
  const wantsChecksum = request?.headers['x-amz-checksum-mode'] === 'ENABLED';
  const kept = Object.entries(object.headers).filter(([name]) => wantsChecksum || !name.startsWith('x-amz-checksum-'));
  return {
    ...Object.fromEntries(kept),
    'content-length': String(object.size),
    'last-modified': new Date(object.modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
    etag: object.etag,
  };
};

const checksumsOf = (headers: StoredObject['headers']) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-checksum-')));
