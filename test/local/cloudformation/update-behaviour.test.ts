import { expect, test } from '@jest/globals';
import { loadUpdateBehaviour } from '../../../infra/local/cloudformation/changes/update-behaviour.ts';

test('a property of a policy is compared without reading what the policy means', async () => {
  const { changed, recreation } = await loadUpdateBehaviour();
  expect(recreation('AWS::S3::BucketPolicy', 'Bucket')).toBe('Always');
  expect([...changed('AWS::S3::BucketPolicy', { Bucket: 'a' }, { Bucket: 'b' }).keys()]).toEqual(['Bucket']);
});

test('AWS decides what a change does: a name replaces, a count does not', async () => {
  const { recreation } = await loadUpdateBehaviour();
  expect(recreation('AWS::DynamoDB::Table', 'TableName')).toBe('Always');
  expect(recreation('AWS::ECS::Service', 'DesiredCount')).toBe('Never');
});
