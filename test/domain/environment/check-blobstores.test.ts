import { expect, test } from '@jest/globals';
import { keyPath } from '../../../functions/domain/configuration/finding.ts';
import { checkBlobstores } from '../../../functions/domain/environment/check-blobstores.ts';
import { sampleBuild } from '../../support/sample-build.ts';

const environment = {
  aws: { grantPrincipals: [{ name: 'auditors', arn: 'arn:aws:iam::000000000000:role/auditors' }] },
};
const findingsOf = (sample: Parameters<typeof sampleBuild>[0]) =>
  checkBlobstores(sampleBuild({ environment, ...sample })).map(({ keys, ...rest }) => ({
    path: keyPath(keys),
    ...rest,
  }));
const stored = (...blobstores: readonly object[]) => findingsOf({ application: { blobstores } });

test('own buckets, buckets of others and granted ones pass', () => {
  expect(
    stored(
      { name: 'files', grants: [{ principal: 'auditors' }] },
      { name: 'theirs', ref: { application: 'other' } },
      { name: 'foreign', ref: { bucketName: 'a-bucket' } },
    ),
  ).toEqual([]);
});

test('a bucket name of more than 63 characters is refused, whoever makes the bucket', () => {
  // Together with `.shop.prod.eu-central-1.sample`, or with one letter more for another application.
  const name = 'x'.repeat(33);
  expect(stored({ name })).toEqual([]);
  const tooLong = expect.objectContaining({ message: expect.stringContaining('64 characters: S3 takes 63') });
  expect(stored({ name: `${name}x` })).toEqual([tooLong]);
  expect(stored({ name, ref: { application: 'other' } })).toEqual([tooLong]);
});

test.each(['xn--files', 'sthree-files'])('S3 does not take a bucket that is called %s', (name) => {
  expect(stored({ name })).toEqual([expect.objectContaining({ path: 'blobstores[0].name' })]);
});

test('a principal that the environment does not know is refused by name, with the nearest', () => {
  expect(stored({ name: 'files', grants: [{ principal: 'auditor' }] })).toEqual([
    expect.objectContaining({
      path: 'blobstores[0].grants[0].principal',
      message: expect.stringContaining('"auditor": known are auditors'),
      nearest: 'auditors',
    }),
  ]);
});

test("nobody grants somebody else's bucket, and no application refers to itself", () => {
  expect(stored({ name: 'files', ref: { application: 'shop' }, grants: [{ principal: 'auditors' }] })).toEqual([
    expect.objectContaining({ path: 'blobstores[0].ref.application' }),
    expect.objectContaining({ path: 'blobstores[0].grants' }),
  ]);
});

test.each(['a/*', 'a?', '${a}'])('a path that a policy would read as a wildcard is refused: %s', (subPath) => {
  const envVars = [{ name: 'FILES', blobstore: { name: 'files', s3Direct: true, subPath } }];
  expect(
    findingsOf({
      application: {
        blobstores: [{ name: 'files' }],
        runtimes: [{ name: 'main', containers: [{ name: 'web', imageUrl: 'a:1', envVars }] }],
      },
    }),
  ).toEqual([expect.objectContaining({ path: 'runtimes[0].containers[0].envVars[0].blobstore.subPath' })]);
});
