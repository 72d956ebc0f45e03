import { expect, test } from '@jest/globals';
import { iamWidening } from '../../../functions/domain/plan/iam-widening.ts';
import { ownedBy } from '../../../functions/domain/plan/owned-by.ts';
import type { Template } from '../../../functions/domain/template/template.ts';
import { templateOf } from '../../support/applications.ts';
import { sampleApplication, sampleRuntime } from '../../support/sample-configuration.ts';

const template: Template = {
  Resources: {
    Images: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'images.shop' } },
    Nameless: { Type: 'AWS::S3::Bucket', Properties: {} },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { BucketName: 'images.shop' } },
    Queue: { Type: 'AWS::SQS::Queue' },
  },
};

test.each<[resource: unknown, owned: readonly string[]]>([
  ['arn:aws:s3:::images.shop', ['Images']],
  ['arn:aws:s3:::images.shop/*', ['Images']],
  ['arn:aws:s3:::images.shop/daily', ['Images']],
  ['arn:aws:s3:::images.shop.others/*', []],
  ['arn:aws:s3:::images.*', []],
  ['arn:aws:s3:::*', []],
  ['arn:aws:s3:::', []],
  ['images.shop', []],
  ['*', []],
  [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, ['Queue']],
  [{ 'Fn::Sub': '${Queue}/*' }, ['Queue']],
  [{ 'Fn::Sub': 'arn:aws:s3:::${Images}' }, []],
])('what %j names is surely within %j', (resource, owned) => {
  expect(ownedBy(resource, template)).toEqual(owned);
});

const withBuckets = (...blobstores: readonly { readonly name: string; readonly ref?: object }[]): Template =>
  templateOf(
    sampleApplication({
      blobstores,
      runtimes: [
        sampleRuntime({
          containers: [
            {
              name: 'web',
              image: { name: 'shop' },
              envVars: blobstores.map(({ name }) => ({
                name: name.toUpperCase(),
                blobstore: { name, s3Direct: true },
              })),
            },
          ],
        }),
      ],
    }),
  );

test('an application that gets one more bucket of its own needs no signature for its rights, one of others does', () => {
  const running = withBuckets({ name: 'images' });
  expect(iamWidening(running, withBuckets({ name: 'images' }, { name: 'exports' }), [])).toEqual([]);
  const theirs = { name: 'theirs', ref: { bucketName: 'others' } };
  expect(iamWidening(running, withBuckets({ name: 'images' }, theirs), [])).toContain(
    'IAM widens: IAMRoleMainAssume may s3:GetObject.',
  );
});

test('a role that comes to use a bucket which its application has had before is one that widens', () => {
  const unused = sampleApplication({ blobstores: [{ name: 'images' }] });
  expect(iamWidening(templateOf(unused), withBuckets({ name: 'images' }), [])).toContain(
    'IAM widens: IAMRoleMainAssume may s3:PutObject.',
  );
});
