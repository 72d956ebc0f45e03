import { randomUUID } from 'node:crypto';
import type { World } from '../part.ts';
import {
  type Authorize,
  AwsError,
  awsErrorFrom,
  type WireRequest,
  type WireResponse,
  type WireService,
} from '../wire/service.ts';
import { bucketOperations } from './bucket-operations.ts';
import type { Buckets } from './buckets.ts';
import { objectOperations } from './object-operations.ts';
import { element } from './s3-xml.ts';

/** What an operation of S3 is given; `key` is empty for operations on the bucket. */
export interface S3Call {
  readonly request: WireRequest;
  readonly bucket: string;
  readonly key: string;
  /** Asks for `s3:{action}` on an object, the call's own when none is named, or on the bucket when the key is empty. */
  allow(action: string, key?: string): void;
}

export type S3Operation = (call: S3Call) => WireResponse;

/** S3 on the wire: `/{bucket}/{key}`, the operation in the method and in the query. */
export const s3Service = (world: World, buckets: Buckets): WireService => {
  const onBucket = bucketOperations(world, buckets);
  const onObject = objectOperations(buckets);

  const answer = (request: WireRequest, authorize: Authorize): WireResponse => {
    const [bucket = '', ...rest] = request.path.slice(1).split('/');
    const key = decodeURIComponent(rest.join('/'));
    const name = operationName(request, bucket, key);
    const operation = key ? onObject[name] : onBucket[name];
    if (!operation)
      throw new AwsError(
        'NotImplemented',
        `A header or query you provided implies ${name}, which this S3 does not know.`,
        501,
      );
    if (bucket && name !== 'CreateBucket' && !buckets.find(bucket)) throw noSuchBucket(bucket);
    const arn = bucket ? `arn:aws:s3:::${bucket}` : '*';
    return operation({
      request,
      bucket,
      key,
      allow: (action, on = key) => authorize(`s3:${action}`, [on ? `${arn}/${on}` : arn]),
    });
  };

  return {
    scope: 's3',
    handle: async (request, authorize) => {
      const headers = { 'x-amz-request-id': randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase() };
      try {
        const response = answer(request, authorize);
        return { ...response, headers: { ...headers, ...response.headers } };
      } catch (thrown) {
        return failure(request, awsErrorFrom(thrown), headers);
      }
    },
  };
};

const noSuchBucket = (bucket: string) =>
  new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket });

/** Sub-resources that name an operation of their own; all others of the query are parameters. */
const SUBRESOURCES = [
  'location',
  'delete',
  'encryption',
  'list-type',
  'uploads',
  'uploadId',
  'acl',
  'tagging',
  'versioning',
  'policy',
  'versions',
];

const operationName = ({ method, query }: WireRequest, bucket: string, key: string): string => {
  const subresource = SUBRESOURCES.find((name) => query.has(name));
  const place = key ? 'Object' : bucket ? 'Bucket' : '';
  return (
    NAMES[`${method} ${place}${subresource ? `?${subresource}` : ''}`] ?? `${method} ${place} ?${subresource ?? ''}`
  );
};

const NAMES: Readonly<Record<string, string>> = {
  'GET ': 'ListBuckets',
  'PUT Bucket': 'CreateBucket',
  'HEAD Bucket': 'HeadBucket',
  'DELETE Bucket': 'DeleteBucket',
  'GET Bucket?location': 'GetBucketLocation',
  'GET Bucket?encryption': 'GetBucketEncryption',
  'GET Bucket?list-type': 'ListObjectsV2',
  'POST Bucket?delete': 'DeleteObjects',
  'PUT Object': 'PutObject',
  'GET Object': 'GetObject',
  'HEAD Object': 'HeadObject',
  'DELETE Object': 'DeleteObject',
};

const failure = (request: WireRequest, error: AwsError, headers: Readonly<Record<string, string>>): WireResponse => {
  const { status, code, message, fields } = error;
  // HEAD answers have no body: the client makes NotFound or 403 of the status alone.
  if (request.method === 'HEAD' || status === 304) return { status, headers: { ...headers, ...headersOf(fields) } };
  const named = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
  const body = element('Error', { Code: code, Message: message, ...named, RequestId: headers['x-amz-request-id'] });
  return {
    status,
    headers: { ...headers, 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  };
};

const headersOf = (fields: Readonly<Record<string, unknown>>): Record<string, string> =>
  fields['ETag'] ? { etag: String(fields['ETag']) } : {};
