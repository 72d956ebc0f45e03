import { expect, test } from '@jest/globals';
import { messageQueue, queueStatements } from '../../../functions/domain/template/queue.ts';
import { sampleRuntimeBuild } from '../../support/sample-build.ts';

const queueOf = (subscriptions: readonly object[], environment: object = {}) => {
  const { runtime, build } = sampleRuntimeBuild({ runtime: { subscriptions }, environment });
  return messageQueue(runtime, build);
};
const arn = { 'Fn::GetAtt': ['SQSQueueMain', 'Arn'] };
const deadLetterArn = { 'Fn::GetAtt': ['SQSQueueMainDeadLetters', 'Arn'] };
const onlyOverTls = (resource: unknown) => ({
  Sid: 'OnlyOverTls',
  Effect: 'Deny',
  Principal: '*',
  Action: 'sqs:*',
  Resource: [resource],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

test('O36, O37: a runtime with subscriptions has an encrypted queue that names another for dead messages', () => {
  const { SQSQueueMain, SQSQueueMainDeadLetters } = queueOf([{ name: 'orders' }]);
  expect(SQSQueueMain).toEqual({
    Type: 'AWS::SQS::Queue',
    Properties: {
      QueueName: 'prod-shop-main',
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 30,
      RedrivePolicy: { deadLetterTargetArn: deadLetterArn, maxReceiveCount: 10 },
    },
  });
  expect(SQSQueueMainDeadLetters).toEqual({
    Type: 'AWS::SQS::Queue',
    Properties: { QueueName: 'prod-shop-main_dlq', SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 },
  });
});

test('only its own rules and its own topics may send to it, and nobody in the clear', () => {
  const resources = queueOf([{ name: 'orders' }, { name: 'orders', envName: '*' }, { name: 'o5-infra/events' }]);
  const send = (service: string, sources: readonly unknown[]) => ({
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sqs:SendMessage',
    Resource: arn,
    Condition: { ArnEquals: { 'aws:SourceArn': sources } },
  });
  expect(resources['SQSQueuePolicyMain']?.Properties).toEqual({
    Queues: [{ Ref: 'SQSQueueMain' }],
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        onlyOverTls(arn),
        send('events.amazonaws.com', [
          'arn:aws:events:eu-central-1:000000000000:rule/apps/prod-shop-main-All',
          'arn:aws:events:eu-central-1:000000000000:rule/apps/prod-shop-main-Own',
        ]),
        send('sns.amazonaws.com', [
          { 'Fn::Sub': 'arn:aws:sns:${AWS::Region}:${AWS::AccountId}:${ClusterName}-events' },
        ]),
      ],
    },
  });
});

test('a service that sends nothing may not, and nobody may send to the queue of dead messages', () => {
  const services = (subscriptions: readonly object[]) =>
    JSON.stringify(queueOf(subscriptions)['SQSQueuePolicyMain']).match(/\w+\.amazonaws\.com/g);
  expect(services([{ name: 'orders' }])).toEqual(['events.amazonaws.com']);
  expect(services([{ name: 'o5-infra/events' }])).toEqual(['sns.amazonaws.com']);
  expect(queueOf([{ name: 'orders' }])['SQSQueuePolicyMainDeadLetters']?.Properties).toMatchObject({
    Queues: [{ Ref: 'SQSQueueMainDeadLetters' }],
    PolicyDocument: { Statement: [onlyOverTls(deadLetterArn)] },
  });
});

test('what brings messages stands with the queue', () => {
  expect(Object.keys(queueOf([{ name: 'orders' }, { name: 'o5-infra/events' }])).sort()).toEqual([
    'EventsRuleMainOwn',
    'SNSSubscriptionMainEvents',
    'SQSQueueMain',
    'SQSQueueMainDeadLetters',
    'SQSQueuePolicyMain',
    'SQSQueuePolicyMainDeadLetters',
  ]);
});

test('names stay within the 80 characters that SQS takes, each its own', () => {
  const resources = queueOf([{ name: 'a' }], { fullName: `e${'n'.repeat(62)}` });
  const { runtime, build } = sampleRuntimeBuild({
    runtime: { name: `r${'u'.repeat(62)}`, subscriptions: [{ name: 'a' }] },
  });
  const names = [...Object.values(resources), ...Object.values(messageQueue(runtime, build))].flatMap(
    ({ Properties }) => Properties?.['QueueName'] ?? [],
  );
  expect(new Set(names).size).toBe(4);
  for (const name of names) expect(name).toMatch(/^[\w-]{1,80}$/);
});

test('a runtime may receive from its own queue and do nothing else with it', () => {
  const { runtime } = sampleRuntimeBuild({ runtime: { subscriptions: [{ name: 'a' }] } });
  expect(queueStatements(runtime)).toEqual([
    {
      policy: 'sqs-subscribe',
      actions: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:ReceiveMessage'],
      resources: [arn],
    },
  ]);
});

test('a runtime without subscriptions has neither queue nor rights', () => {
  const { runtime, build } = sampleRuntimeBuild({});
  expect([messageQueue(runtime, build), queueStatements(runtime)]).toEqual([{}, []]);
});
