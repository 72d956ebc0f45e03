import { expect, test } from '@jest/globals';
import { checkBuckets } from '../../../functions/domain/environment/check-buckets.ts';
import {
  sampleAnswer,
  sampleApplication,
  sampleCluster,
  sampleEnvironment,
} from '../../support/sample-configuration.ts';

const checked = (bucketName: string, buckets?: readonly string[]) =>
  checkBuckets({
    application: sampleApplication({ blobstores: [{ name: 'own' }, { name: 'theirs', ref: { bucketName } }] }),
    environment: sampleEnvironment(),
    cluster: { ...sampleCluster(), answer: { ...sampleAnswer, ...(buckets && { buckets }) } },
  });

test('a bucket that the boundary lets through, or that is of the environment, is in reach', () => {
  expect(checked('brand-images', ['brand-images'])).toEqual([]);
  expect(checked('exports.billing.prod.eu-central-1.sample', [])).toEqual([]);
});

test('another bucket is named where it stands, with the nearest that is in reach and what to do', () => {
  expect(checked('brand-image', ['brand-images'])).toMatchObject([
    {
      keys: ['blobstores', 1, 'ref', 'bucketName'],
      message: expect.stringMatching(/brand-image, which .* cluster main: add it to .*stages\.ts, run npm run deploy/),
      nearest: 'brand-images',
    },
  ]);
  expect(checked('exports.billing.dev.eu-central-1.sample', [])).toHaveLength(1);
});

test('as long as the cluster stack has not told which it lets through, nothing is said', () => {
  expect(checked('brand-images')).toEqual([]);
});
