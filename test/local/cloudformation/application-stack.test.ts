import { DeleteStackCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createEvents } from '../../../infra/local/events/events.ts';
import { createIam } from '../../../infra/local/iam/iam.ts';
import type { Part, ResourceProvider } from '../../../infra/local/part.ts';
import { createS3 } from '../../../infra/local/s3/s3.ts';
import { createSecrets } from '../../../infra/local/secrets/secrets.ts';
import { createSqs } from '../../../infra/local/sqs/sqs.ts';
import { openStore } from '../../../infra/local/store.ts';
import { testWorld } from '../test-world.ts';
import {
  ACCOUNT,
  atRest,
  createStack,
  describeStack,
  eventsOf,
  openStage,
  REGION,
  type Stage,
  updateStack,
} from './stage.ts';

let stage: Stage;
let tables: ReturnType<typeof openStore>;
beforeEach(async () => {
  tables = openStore();
  const world = { ...testWorld({ store: tables }), account: ACCOUNT, region: REGION };
  const events = createEvents(world, { invoke: async () => ({ payload: '' }), allowed: () => false });
  const secrets = createSecrets(world, { describeDatabase: () => undefined });
  const parts: readonly Part[] = [createS3(world), createSqs(world), createIam(world), events, secrets];
  const providers: Readonly<Record<string, ResourceProvider>> = Object.assign(
    {},
    ...parts.map((part) => part.resources),
  );
  stage = await openStage({ store: tables, options: { providers: () => providers } });
});
afterEach(() => stage.close());

const kept = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };
const BUCKET = 'images.shop.dev.eu-west-1.example';

/** What an application with messages, files and secrets is made of, but for what runs. */
const template = ({ queue = 'dev-shop-main', visibility = 30, broken = false, notify = true } = {}) => ({
  Parameters: { EnvName: { Type: 'String' } },
  Resources: {
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: queue,
        SqsManagedSseEnabled: true,
        VisibilityTimeout: visibility,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 5 },
      },
    },
    Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dev-shop-main_dlq' } },
    QueuePolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Queue' }],
        PolicyDocument: {
          Statement: [
            {
              ...{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage' },
              Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] },
            },
          ],
        },
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        Name: 'dev-shop-main-Own',
        EventPattern: { detail: { sourceEnv: [{ Ref: 'EnvName' }], $or: [{ a: ['1'] }, { b: [{ exists: false }] }] } },
        Targets: [{ Id: 'queue', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
      },
    },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        ...{ Protocol: 'sqs', RawMessageDelivery: false, Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
        TopicArn: { 'Fn::Sub': 'arn:aws:sns:${AWS::Region}:${AWS::AccountId}:local-o5-infra' },
      },
    },
    Bucket: {
      ...{ Type: 'AWS::S3::Bucket', ...kept },
      Properties: {
        BucketName: BUCKET,
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: notify } },
      },
    },
    BucketPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Bucket' },
        PolicyDocument: {
          Statement: [
            {
              ...{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: { 'Fn::GetAtt': ['Bucket', 'Arn'] } },
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
    },
    Secret: { ...{ Type: 'AWS::SecretsManager::Secret', ...kept }, Properties: { Name: '/dev/shop/keys' } },
    Role: {
      Type: 'AWS::IAM::Role',
      // So that all others are there when it fails.
      DependsOn: ['Queue', 'Rule', 'Subscription', 'BucketPolicy', 'QueuePolicy', 'Secret'],
      Properties: {
        RoleName: 'dev-shop-main',
        ...(broken && { ManagedPolicyArns: ['arn:aws:iam::aws:policy/NobodyKnowsThis'] }),
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        Policies: [
          {
            PolicyName: 'sqs-subscribe',
            PolicyDocument: {
              Statement: [
                { Effect: 'Allow', Action: 'sqs:ReceiveMessage', Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
              ],
            },
          },
        ],
      },
    },
  },
  Outputs: Object.fromEntries(
    [
      ['Url', { Ref: 'Queue' }],
      ['Arn', { 'Fn::GetAtt': ['Queue', 'Arn'] }],
      ['Name', { 'Fn::GetAtt': ['Queue', 'QueueName'] }],
      ['Rule', { 'Fn::GetAtt': ['Rule', 'Arn'] }],
      ['Bucket', { Ref: 'Bucket' }],
      ['BucketArn', { 'Fn::GetAtt': ['Bucket', 'Arn'] }],
      ['Role', { 'Fn::GetAtt': ['Role', 'Arn'] }],
    ].map(([name, Value]) => [name, { Value }]),
  ),
});

const request = { parameters: { EnvName: 'dev' }, capabilities: ['CAPABILITY_NAMED_IAM'] } as const;
const created = async (given = {}) => {
  await createStack(stage, 'dev-shop', template(given), request);
  return atRest(stage, 'dev-shop');
};
const updated = async (given = {}) => {
  await updateStack(stage, 'dev-shop', template(given), request);
  return atRest(stage, 'dev-shop');
};
const outputsOf = ({ Outputs = [] }: Awaited<ReturnType<typeof describeStack>>) =>
  Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
const TABLES = [
  ...['sqs.queues', 'sqs.policies', 'events-rules', 's3.buckets', 's3.policies', 'iam-roles'],
  'secrets.secrets',
];
/** Names of what there is in the account. */
const standing = () =>
  TABLES.flatMap((table) =>
    tables
      .table(table)
      .list()
      .map(({ key }) => `${table} ${key}`),
  );
const physicalIds = async () => {
  const { StackResourceSummaries = [] } = await stage.client.send(
    new ListStackResourcesCommand({ StackName: 'dev-shop' }),
  );
  return Object.fromEntries(
    StackResourceSummaries.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId, PhysicalResourceId]),
  );
};

test('Ref and attributes of what an application is made of are those of AWS', async () => {
  const stack = await created();
  expect(stack.StackStatus).toBe('CREATE_COMPLETE');
  expect(outputsOf(stack)).toEqual({
    Url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/dev-shop-main`,
    Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:dev-shop-main`,
    Name: 'dev-shop-main',
    Rule: `arn:aws:events:${REGION}:${ACCOUNT}:rule/dev-shop-main-Own`,
    Bucket: BUCKET,
    BucketArn: `arn:aws:s3:::${BUCKET}`,
    Role: `arn:aws:iam::${ACCOUNT}:role/dev-shop-main`,
  });
  expect([...new Set(standing().map((one) => one.split(' ')[0]))]).toEqual(TABLES);
});

test('a changed name makes another queue and takes the old one away; everything else changes in place', async () => {
  await created();
  const before = await physicalIds();
  expect(outputsOf(await updated({ visibility: 60, notify: false })).Url).toBe(before['Queue']);
  expect(await physicalIds()).toEqual(before);
  expect(tables.table('sqs.queues').get('dev-shop-main')).toMatchObject({ visibilityTimeoutSeconds: 60 });
  expect(tables.table('s3.buckets').get(BUCKET)).toMatchObject({ notifies: false });
  expect(outputsOf(await updated({ queue: 'dev-shop-other' })).Name).toBe('dev-shop-other');
  expect(standing().filter((one) => one.startsWith('sqs.'))).toEqual([
    'sqs.queues dev-shop-main_dlq',
    'sqs.queues dev-shop-other',
    'sqs.policies dev-shop-other',
  ]);
});

test('a deleted stack leaves its bucket and its secret, and a new one is refused the name of the bucket and leaves nothing else', async () => {
  await created();
  const { StackId = '' } = await describeStack(stage, 'dev-shop');
  await stage.client.send(new DeleteStackCommand({ StackName: 'dev-shop' }));
  expect((await atRest(stage, StackId)).StackStatus).toBe('DELETE_COMPLETE');
  const left = standing();
  expect(left).toEqual([`s3.buckets ${BUCKET}`, expect.stringContaining('/dev/shop/keys')]);
  expect((await created()).StackStatus).toBe('ROLLBACK_COMPLETE');
  const reasons = (await eventsOf(stage, 'dev-shop')).map(({ ResourceStatusReason = '' }) => ResourceStatusReason);
  expect(reasons.join('\n')).toMatch(new RegExp(`${BUCKET} already exists|secret /dev/shop/keys already exists`));
  expect(standing()).toEqual(left);
});

test('a creation that fails leaves nothing, not even what a deletion would keep', async () => {
  expect((await created({ broken: true })).StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(standing()).toEqual([]);
});
