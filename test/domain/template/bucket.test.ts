import { expect, test } from '@jest/globals';
import { bucket } from '../../../functions/domain/template/bucket.ts';
import { logicalIds } from '../../../functions/domain/template/names.ts';
import { sampleBuild } from '../../support/sample-build.ts';
import { sha256 } from '../../support/sample-configuration.ts';

const reader = 'arn:aws:iam::000000000000:role/reader';
const writer = 'arn:aws:iam::000000000000:role/writer';
const environment = {
  aws: {
    grantPrincipals: [
      { name: 'reader', arn: reader },
      { name: 'writer', arn: writer },
    ],
  },
};
const bucketOf = (blobstore: object) => {
  const build = sampleBuild({ application: { blobstores: [{ name: 'files', ...blobstore }] }, environment });
  return Object.fromEntries(build.application.blobstores.flatMap((one) => Object.entries(bucket(one, build))));
};
const arn = 'arn:aws:s3:::files.shop.prod.eu-central-1.sample';
const onlyOverTls = {
  Sid: 'OnlyOverTls',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [arn, `${arn}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};

test('O16, O19: an own bucket outlives the stack, is encrypted, closed to the public and to plain HTTP', () => {
  expect(bucketOf({})).toEqual({
    S3BucketFiles: {
      Type: 'AWS::S3::Bucket',
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketName: 'files.shop.prod.eu-central-1.sample',
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      },
    },
    PolicyOfS3BucketFiles: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'S3BucketFiles' },
        PolicyDocument: { Version: '2012-10-17', Statement: [onlyOverTls] },
      },
    },
  });
});

test('O18: a bucket tells EventBridge of its changes when it is asked to, and only then', () => {
  const notifications = (emitEvents: boolean) =>
    bucketOf({ emitEvents })['S3BucketFiles']?.Properties?.['NotificationConfiguration'];
  expect(notifications(true)).toEqual({ EventBridgeConfiguration: { EventBridgeEnabled: true } });
  expect(notifications(false)).toBeUndefined();
});

test('O21: granted principals of the environment may read, and do no more', () => {
  const grants = ['writer', 'reader', 'writer'].map((principal) => ({ principal }));
  const Principal = { AWS: [reader, writer] };
  expect(bucketOf({ grants })['PolicyOfS3BucketFiles']?.Properties?.['PolicyDocument']).toMatchObject({
    Statement: [
      onlyOverTls,
      { Effect: 'Allow', Principal, Action: ['s3:GetBucketLocation', 's3:ListBucket'], Resource: arn },
      { Effect: 'Allow', Principal, Action: ['s3:GetObject'], Resource: `${arn}/*` },
    ],
  });
});

test('a principal that nobody knows is no grant, even without a check', () => {
  expect(() => bucketOf({ grants: [{ principal: 'stranger' }] })).toThrow('prod has no principal stranger');
});

test("O17: somebody else's bucket is not made", () => {
  expect(bucketOf({ ref: { application: 'other' }, emitEvents: true })).toEqual({});
  expect(bucketOf({ ref: { bucketName: 'a-bucket' } })).toEqual({});
});

test('a bucket and the policy of another never share an id', () => {
  const names = ['x', 'policy', 'policy-x', 'x-policy', 'policy-of-s3-bucket-x'];
  const ids = names.flatMap((name) => [logicalIds.bucket(name, sha256), logicalIds.bucketPolicy(name, sha256)]);
  expect(new Set(ids).size).toBe(ids.length);
});
