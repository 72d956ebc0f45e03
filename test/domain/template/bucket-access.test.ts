import { expect, test } from '@jest/globals';
import { bucketStatements } from '../../../functions/domain/template/bucket-access.ts';
import { sampleRuntimeBuild } from '../../support/sample-build.ts';

const statementsOf = (blobstores: readonly object[], used: readonly object[]) => {
  const envVars = used.map((one, index) => ({ name: `V${index}`, blobstore: { s3Direct: true, ...one } }));
  const containers = [{ name: 'web', imageUrl: 'a:1', envVars }];
  const { runtime, build } = sampleRuntimeBuild({
    application: { blobstores, runtimes: [{ name: 'main', containers }] },
  });
  return bucketStatements(runtime, build);
};
const other = 'arn:aws:s3:::files.other.prod.eu-central-1.sample';
const own = 'arn:aws:s3:::files.shop.prod.eu-central-1.sample';
const onBucket = ['s3:GetBucketLocation', 's3:ListBucket'];
const reading = ['s3:GetObject'];
const writing = ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:PutObject'];
const both = ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObject', 's3:PutObject'];
const access = (policy: string, arn: string, actions: readonly string[]) => [
  { policy, actions: onBucket, resources: [arn] },
  { policy, actions, resources: [`${arn}/*`] },
];

test('an own bucket is read and written by who names it in a variable, and by nobody else', () => {
  expect(statementsOf([{ name: 'files' }], [{ name: 'files' }])).toEqual(access('s3-readwrite', own, both));
  expect(statementsOf([{ name: 'files' }], [])).toEqual([]);
});

test.each([
  [{}, 's3-read-only', reading],
  [{ readPermission: true }, 's3-read-only', reading],
  [{ writePermission: true }, 's3-write-only', writing],
  [{ readPermission: true, writePermission: true }, 's3-readwrite', both],
])('O17: of a bucket of another application, %j gives %s', (permissions, policy, actions) => {
  const ref = { application: 'other', ...permissions };
  expect(statementsOf([{ name: 'files', ref }], [{ name: 'files' }])).toEqual(access(policy, other, actions));
});

test('F26: a bucket by its name has a valid ARN', () => {
  const ref = { bucketName: 'a-bucket', writePermission: true };
  expect(statementsOf([{ name: 'files', ref }], [{ name: 'files' }])).toEqual(
    access('s3-write-only', 'arn:aws:s3:::a-bucket', writing),
  );
});

test('a path narrows the objects to what lies under it, and to the object of that name', () => {
  const [, objects] = statementsOf([{ name: 'files' }], [{ name: 'files', subPath: '/in/box/' }]);
  expect(objects?.resources).toEqual([`${own}/in/box`, `${own}/in/box/*`]);
});

test('buckets of the same access share a statement, each once, in a fixed order', () => {
  const blobstores = [{ name: 'b' }, { name: 'a' }];
  const used = [{ name: 'b' }, { name: 'a' }, { name: 'b' }];
  const [onBuckets] = statementsOf(blobstores, used);
  expect(onBuckets?.resources).toEqual(['a', 'b'].map((name) => `arn:aws:s3:::${name}.shop.prod.eu-central-1.sample`));
  expect(statementsOf([...blobstores].reverse(), [...used].reverse())).toEqual(statementsOf(blobstores, used));
});
