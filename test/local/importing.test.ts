import { expect, test } from '@jest/globals';
import { createDynamodb } from '../../infra/local/dynamodb/dynamodb.ts';
import { createIam } from '../../infra/local/iam/iam.ts';
import { createLogs } from '../../infra/local/logs/logs.ts';
import type { Part, Properties, World } from '../../infra/local/part.ts';
import { createS3 } from '../../infra/local/s3/s3.ts';
import { createSecrets } from '../../infra/local/secrets/secrets.ts';
import { create, resourceRequest, testWorld } from './test-world.ts';

const table = {
  TableName: 'orders',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
};

/** Each importable type: the part that makes it, what it is made from, and the key of its identifier. */
const importable: Readonly<Record<string, readonly [(world: World) => Part, Properties, string]>> = {
  'AWS::S3::Bucket': [createS3, { BucketName: 'photos' }, 'BucketName'],
  'AWS::SecretsManager::Secret': [createSecrets, { Name: 'prod/db' }, 'Id'],
  'AWS::DynamoDB::Table': [createDynamodb, table, 'TableName'],
  'AWS::IAM::Role': [createIam, { RoleName: 'web', AssumeRolePolicyDocument: { Statement: [] } }, 'RoleName'],
  'AWS::Logs::LogGroup': [createLogs, { LogGroupName: '/web' }, 'LogGroupName'],
};

test.each(Object.keys(importable))('%s is found by its identifier while it is there, as what made it', async (type) => {
  const [makePart, properties, key] = importable[type] ?? [createS3, {}, ''];
  const part = makePart(testWorld());
  await part.start?.();
  try {
    const made = await create(part, type, 'Thing', properties);
    const provider = part.resources?.[type];
    const found = () => provider?.importing?.find({ [key]: made.physicalId });
    expect(provider?.importing?.identifier).toEqual([key]);
    expect(await found()).toEqual(made);
    expect(await provider?.importing?.find({ [key]: 'another-one' })).toBeUndefined();
    await provider?.delete({ ...resourceRequest(type, 'Thing', properties), physicalId: made.physicalId });
    expect(await found()).toBeUndefined();
  } finally {
    await part.stop?.();
  }
});
