import { expect, test } from '@jest/globals';
import { emptyTemplate, isEmptyTemplate } from '../../../functions/domain/template/empty-template.ts';
import { importTargets, importTemplate } from '../../../functions/domain/template/import.ts';
import { servesNothing } from '../../../functions/domain/template/serving.ts';
import type { Template } from '../../../functions/domain/template/template.ts';

const bucket = {
  Type: 'AWS::S3::Bucket',
  DeletionPolicy: 'Retain',
  Properties: { BucketName: 'uploads.shop.prod' },
};
const secret = {
  Type: 'AWS::SecretsManager::Secret',
  DeletionPolicy: 'RetainExceptOnCreate',
  Properties: { Name: '/prod/shop/token' },
};
const release: Template = {
  Parameters: { ECSCluster: { Type: 'String' } },
  Resources: {
    Uploads: bucket,
    Token: secret,
    Service: { Type: 'AWS::ECS::Service', Properties: { Cluster: { Ref: 'ECSCluster' } } },
  },
  Outputs: { Bucket: { Value: { Ref: 'Uploads' } } },
};

test('what a stack may have left behind are its buckets and secrets, by their names', () => {
  expect(importTargets(release)).toEqual([
    { logicalId: 'Token', type: 'AWS::SecretsManager::Secret', name: '/prod/shop/token' },
    { logicalId: 'Uploads', type: 'AWS::S3::Bucket', name: 'uploads.shop.prod' },
  ]);
});

test('the template of an import holds what the stack holds, unchanged, and the imported alone; no outputs', () => {
  const template = importTemplate(emptyTemplate, release);
  expect(template).toEqual({
    ...emptyTemplate,
    Resources: { ...emptyTemplate.Resources, Uploads: bucket, Token: secret },
  });
  expect(template).not.toHaveProperty('Outputs');
});

test('everything that is imported has a deletion policy, which AWS demands', () => {
  const { DeletionPolicy: _, ...without } = bucket;
  const { Resources } = importTemplate(emptyTemplate, { Resources: { Uploads: without } });
  expect(Resources['Uploads']).toEqual(bucket);
});

test('an imported stack is not empty, but nothing serves in it', () => {
  const template = importTemplate(emptyTemplate, release);
  expect([isEmptyTemplate(template), servesNothing(template)]).toEqual([false, true]);
  expect([isEmptyTemplate(emptyTemplate), servesNothing(emptyTemplate)]).toEqual([true, true]);
  expect(servesNothing(release)).toBe(false);
});

test.each([
  ['has no name of its own', { Type: 'AWS::S3::Bucket' }, /Uploads \(AWS::S3::Bucket\) has no BucketName of its own/],
  [
    'is named by a reference',
    { ...bucket, Properties: { BucketName: { Ref: 'Name' } } },
    /Uploads \(AWS::S3::Bucket\) refers to Name, which is not imported with it/,
  ],
  [
    'refers to something else',
    { ...bucket, Properties: { BucketName: 'uploads', Key: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
    /refers to Key/,
  ],
])('a resource that %s cannot be imported, and is named', (_what, Uploads, message) => {
  expect(() => importTargets({ Resources: { Uploads } })).toThrow(
    expect.objectContaining({ name: 'ImportRefused', message: expect.stringMatching(message) }),
  );
});
