import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import { startFront } from '../../../infra/local/wire/front.ts';
import type { WireService } from '../../../infra/local/wire/service.ts';

const refusing = (scope: string): WireService => ({
  scope,
  handle: async () => ({ status: 400, body: '{}', headers: { 'content-type': 'application/json' } }),
});

test('whoever watches is told of every call, with its operation as the protocol names it and its caller', async () => {
  const told: string[] = [];
  const front = await startFront({
    services: ['states', 'cloudformation', 's3'].map(refusing),
    callerOf: (accessKeyId) => ({ accessKeyId, arn: `arn:aws:iam::000000000000:user/${accessKeyId}` }),
    authorizeAs: () => () => {},
    onCall: ({ service, operation, caller }) => told.push(`${service} ${operation} by ${caller.accessKeyId}`),
  });
  const settings = {
    endpoint: front.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  const calls = [
    new SFNClient(settings).send(new ListStateMachinesCommand({})),
    new CloudFormationClient(settings).send(new DescribeStacksCommand({})),
    new S3Client({ ...settings, forcePathStyle: true }).send(
      new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' }),
    ),
  ];
  const answers = await Promise.allSettled(calls);
  await front.close();
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(told.sort()).toEqual([
    'cloudformation DescribeStacks by AKIATEST',
    's3 PUT by AKIATEST',
    'states ListStateMachines by AKIATEST',
  ]);
});
