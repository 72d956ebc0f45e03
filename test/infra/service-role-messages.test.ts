import { expect, test } from '@jest/globals';
import { servicePlaces } from '../../infra/aws/service-places.ts';
import type { ClusterSite } from '../../infra/aws/stage.ts';
import type { RoleQuestion } from '../../infra/local/cloudformation/role-question.ts';
import type { Properties } from '../../infra/local/part.ts';
import { ACCOUNT, creating, REGION, serviceRole } from '../support/service-role.ts';

// The rights for queues, rules, topics and buckets: what is made under an environment's names, and what is refused.
const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const url = (queue: string) => `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${queue}`;
const bus = arn('events', 'event-bus/applications');
const bucket = 'images.shop.dev.eu-west-1.example';

const subscription = (more: Properties = {}): Properties => ({
  ...{ TopicArn: arn('sns', 'local-o5-infra'), Protocol: 'sqs', Endpoint: arn('sqs', 'dev-shop-main') },
  ...more,
});

const rule = (more: Properties = {}): Properties => ({
  ...{ Name: 'dev-shop-main-Own', EventBusName: bus, Targets: [{ Id: 'queue', Arn: arn('sqs', 'dev-shop-main') }] },
  ...more,
});

/** Made, changed in every property, and deleted. */
const life = (type: string, properties: Properties, physicalId: string): readonly RoleQuestion[] => {
  const made = creating(type, properties);
  return [
    made,
    { ...made, verb: 'update', physicalId, previous: {} },
    { ...made, verb: 'update', physicalId, previous: properties, properties: {} },
    { ...made, verb: 'delete', physicalId },
  ];
};

test.each<[what: string, questions: readonly RoleQuestion[]]>([
  ['a queue', life('AWS::SQS::Queue', { QueueName: 'dev-shop-main' }, url('dev-shop-main'))],
  ['its policy', [creating('AWS::SQS::QueuePolicy', { Queues: [url('dev-shop-main'), url('dev-shop-main_dlq')] })]],
  ['a rule on the bus', [creating('AWS::Events::Rule', rule())]],
  [
    'a rule that CloudFormation knows by its bus and name',
    [
      {
        ...creating('AWS::Events::Rule', rule()),
        ...{ verb: 'delete', physicalId: 'applications|dev-shop-main-Own' },
      },
    ],
  ],
  ['a subscription', [creating('AWS::SNS::Subscription', subscription())]],
  [
    'a subscription that goes',
    [
      {
        ...creating('AWS::SNS::Subscription', subscription()),
        ...{ verb: 'delete', physicalId: `${subscription()['TopicArn']}:0a1b` },
      },
    ],
  ],
  ['a bucket', life('AWS::S3::Bucket', { BucketName: bucket, BucketEncryption: {}, OwnershipControls: {} }, bucket)],
  ['the policy of a bucket', life('AWS::S3::BucketPolicy', { Bucket: bucket }, bucket)],
])('%s of an environment is in reach', async (_what, questions) => {
  const authorize = await serviceRole();
  for (const question of questions) authorize(question);
});

test.each<[what: string, type: string, properties: Properties, action: string]>([
  ['a queue of another environment', 'AWS::SQS::Queue', { QueueName: 'prod-shop-main' }, 'sqs:CreateQueue'],
  ['a queue that only begins like one', 'AWS::SQS::Queue', { QueueName: 'devil-main' }, 'sqs:CreateQueue'],
  [
    'the policy of queues of which one is of another environment',
    'AWS::SQS::QueuePolicy',
    { Queues: [url('dev-shop-main'), url('prod-shop-main')] },
    'sqs:SetQueueAttributes',
  ],
  ['a rule of another environment', 'AWS::Events::Rule', rule({ Name: 'prod-shop-main-Own' }), 'events:PutRule'],
  [
    'a rule on the bus of Slipway itself',
    'AWS::Events::Rule',
    rule({ EventBusName: arn('events', 'event-bus/slipway') }),
    'events:PutRule',
  ],
  ['a rule on the bus of the account', 'AWS::Events::Rule', rule({ EventBusName: 'default' }), 'events:PutRule'],
  [
    'a subscription to a topic of another cluster',
    'AWS::SNS::Subscription',
    subscription({ TopicArn: arn('sns', 'other-o5-infra') }),
    'sns:Subscribe',
  ],
  [
    'a subscription that sends to a queue of another environment',
    'AWS::SNS::Subscription',
    subscription({ Endpoint: arn('sqs', 'prod-shop-main') }),
    'sns:Subscribe',
  ],
  [
    'a subscription that sends to a mail address',
    'AWS::SNS::Subscription',
    subscription({ Protocol: 'email', Endpoint: 'dev-shop@example.com' }),
    'sns:Subscribe',
  ],
  [
    'a bucket of another environment',
    'AWS::S3::Bucket',
    { BucketName: 'images.shop.prod.eu-west-1.example' },
    's3:CreateBucket',
  ],
  [
    'the policy of the bucket of documents',
    'AWS::S3::BucketPolicy',
    { Bucket: 'slipway-documents-000000000000-eu-west-1' },
    's3:PutBucketPolicy',
  ],
  [
    'the policy of a bucket that applications may refer to',
    'AWS::S3::BucketPolicy',
    { Bucket: 'example-shared-files' },
    's3:PutBucketPolicy',
  ],
])('%s is out of reach', async (_what, type, properties, action) => {
  const authorize = await serviceRole();
  expect(() => authorize(creating(type, properties))).toThrow(`is not authorized to perform: ${action} on resource: `);
});

test('a cluster without a bus gets no right to rules, and on the default bus their ARNs go without its name', () => {
  const stack = { region: REGION, account: ACCOUNT } as Parameters<typeof servicePlaces>[0];
  const site = { name: 'local', environments: ['dev'], policies: [], network: {} } as unknown as ClusterSite;
  expect(servicePlaces(stack, site)['events:*']).toEqual([]);
  const onDefault = servicePlaces(stack, { ...site, eventBus: 'default' })['events:*'];
  expect(onDefault).toEqual([{ resources: [arn('events', 'rule/dev-*')] }]);
});
