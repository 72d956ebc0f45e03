import type { World } from '../part.ts';
import { AwsError, awsErrorFrom } from '../wire/service.ts';
import type { Buckets } from './buckets.ts';
import { listObjectsPage } from './list-objects.ts';
import type { S3Operation } from './s3-service.ts';
import { document, element, iso } from './s3-xml.ts';

/** The operations on buckets, by name. */
export const bucketOperations = (world: World, buckets: Buckets): Readonly<Record<string, S3Operation>> => ({
  ListBuckets: ({ allow }) => {
    allow('ListAllMyBuckets');
    const rows = buckets
      .list()
      .map(({ name, createdAt }) =>
        element('Bucket', { Name: name, CreationDate: iso(createdAt), BucketRegion: world.region }),
      );
    const owner = element('Owner', { ID: world.account });
    return xmlAnswer(element('ListAllMyBucketsResult', {}, `${owner}<Buckets>${rows.join('')}</Buckets>`));
  },
  CreateBucket: ({ request, bucket, allow }) => {
    allow('CreateBucket');
    // In us-east-1 creating one's own bucket again is a success, everywhere else a conflict.
    if (buckets.find(bucket) && world.region !== 'us-east-1')
      throw new AwsError(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        409,
        { BucketName: bucket },
      );
    checkLocation(request.body.toString('utf8'), world.region);
    if (!buckets.find(bucket)) buckets.create(bucket);
    return { status: 200, headers: { location: `/${bucket}` } };
  },
  HeadBucket: ({ allow }) => {
    allow('ListBucket');
    return { status: 200, headers: { 'x-amz-bucket-region': world.region } };
  },
  DeleteBucket: ({ bucket, allow }) => {
    allow('DeleteBucket');
    buckets.delete(bucket);
    return { status: 204 };
  },
  GetBucketLocation: ({ allow }) => {
    allow('GetBucketLocation');
    const region = world.region === 'us-east-1' ? '' : world.region;
    return xmlAnswer(`<LocationConstraint>${region}</LocationConstraint>`);
  },
  GetBucketEncryption: ({ allow }) => {
    allow('GetEncryptionConfiguration');
    // What every bucket has since 2023, whatever its template says: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
    const byDefault = element('ApplyServerSideEncryptionByDefault', { SSEAlgorithm: 'AES256' });
    return xmlAnswer(element('ServerSideEncryptionConfiguration', {}, `<Rule>${byDefault}</Rule>`));
  },
  ListObjectsV2: ({ request: { query }, bucket, allow }) => {
    allow('ListBucket');
    return xmlAnswer(listObjectsPage(bucket, buckets.listObjects(bucket, query.get('prefix') ?? ''), query));
  },
  DeleteObjects: ({ request, bucket, allow }) => {
    const text = request.body.toString('utf8');
    const keys = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => unescaped(key));
    const isQuiet = /<Quiet>true<\/Quiet>/.test(text);
    const rows = keys.map((key) => {
      try {
        allow('DeleteObject', key);
        buckets.deleteObject(bucket, key);
        return isQuiet ? '' : element('Deleted', { Key: key });
      } catch (thrown) {
        const { code, message } = awsErrorFrom(thrown);
        return element('Error', { Key: key, Code: code, Message: message });
      }
    });
    return xmlAnswer(element('DeleteResult', {}, rows.join('')));
  },
});

const xmlAnswer = (root: string) => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: document(root),
});

const checkLocation = (body: string, region: string) => {
  const asked = /<LocationConstraint>([^<]*)</.exec(body)?.[1] || 'us-east-1';
  if (asked !== region)
    throw new AwsError(
      'IllegalLocationConstraintException',
      `The ${asked} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
};

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) =>
    name ? (ENTITIES[name] ?? whole) : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  );
