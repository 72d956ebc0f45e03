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

test('what nobody signed goes to whoever answers such requests, and what is signed never does', async () => {
  const seen: string[] = [];
  const front = await startFront({
    services: [],
    callerOf: (accessKeyId) => ({ accessKeyId, arn: 'arn:aws:iam::000000000000:root' }),
    authorizeAs: () => () => {},
    unsigned: ({ method, path, authorization }) => {
      seen.push(`${method} ${path} ${authorization}`);
      return path === '/known' ? { status: 200, body: 'yes' } : undefined;
    },
  });
  const ask = async (path: string, authorization: string) => {
    const response = await fetch(`${front.url}${path}`, { headers: { authorization } });
    return `${response.status} ${await response.text()}`;
  };
  const signed = 'AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/eu-west-1/none/aws4_request';
  const answers = [await ask('/known?x=1', 'token'), await ask('//', 'token'), await ask('/known', signed)];
  await front.close();
  expect(answers).toEqual([
    '200 yes',
    '400 no service for the scope (unsigned request)',
    '400 no service for the scope none',
  ]);
  expect(seen).toEqual(['GET /known token', 'GET // token']);
});
