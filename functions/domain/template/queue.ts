import type { Runtime } from '../application/runtime.ts';
import type { Build, Resources } from './build.ts';
import { eventRules } from './event-rule.ts';
import { fitted, logicalIds } from './names.ts';
import type { RoleStatement } from './statement.ts';
import { onlyOverTls } from './tls-statement.ts';
import { infraTopics, topicSubscriptions } from './topic-subscription.ts';

/**
 * How often a message is received before it counts as dead. The sidecar receives ten at once and handles them one after
 * another, so the last may come back nine times through no fault of its own.
 */
const maxReceiveCount = 10;

/** What the sidecar asks for by itself; a consumer without a wish of its own gets the same. */
const visibilitySeconds = 30;

/** SQS's longest. A dead message keeps the age it had, so the time has to be longer than that of the queue itself. */
const deadLetterSeconds = 14 * 24 * 60 * 60;

/** The queue of a runtime with subscriptions, what fills it, and the queue of what nobody could handle. */
export const messageQueue = (runtime: Runtime, build: Build): Resources => {
  if (runtime.subscriptions.length === 0) return {};
  return {
    ...queues(runtime, build),
    ...queuePolicies(runtime, build),
    ...topicSubscriptions(runtime, build),
    ...Object.fromEntries(eventRules(runtime, build).flatMap(({ resources }) => Object.entries(resources))),
  };
};

/** A runtime may receive from its own queue. */
export const queueStatements = ({ name, subscriptions }: Runtime): readonly RoleStatement[] =>
  subscriptions.length === 0
    ? []
    : [
        {
          policy: 'sqs-subscribe',
          actions: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:ReceiveMessage'],
          resources: [arnOf(logicalIds.queue(name))],
        },
      ];

const queues = ({ name }: Runtime, { stack, hash }: Build): Resources => {
  const queueName = `${stack}-${name}`;
  return {
    [logicalIds.queue(name)]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: fitted(queueName, 80, hash),
        SqsManagedSseEnabled: true,
        VisibilityTimeout: visibilitySeconds,
        RedrivePolicy: { deadLetterTargetArn: arnOf(logicalIds.deadLetterQueue(name)), maxReceiveCount },
      },
    },
    [logicalIds.deadLetterQueue(name)]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        // No name of an environment, application or runtime has an underscore: it is nobody's queue by chance.
        QueueName: fitted(`${queueName}_dlq`, 80, hash),
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: deadLetterSeconds,
      },
    },
  };
};

const queuePolicies = (runtime: Runtime, build: Build): Resources => ({
  [logicalIds.queuePolicy(runtime.name)]: queuePolicy(logicalIds.queue(runtime.name), senders(runtime, build)),
  [logicalIds.deadLetterQueuePolicy(runtime.name)]: queuePolicy(logicalIds.deadLetterQueue(runtime.name), []),
});

interface Sender {
  readonly service: string;
  readonly sources: readonly unknown[];
}

const senders = (runtime: Runtime, build: Build): readonly Sender[] =>
  [
    { service: 'events.amazonaws.com', sources: eventRules(runtime, build).map(({ arn }) => arn) },
    { service: 'sns.amazonaws.com', sources: infraTopics(runtime).map(({ arn }) => arn) },
  ].filter(({ sources }) => sources.length > 0);

const queuePolicy = (queue: string, from: readonly Sender[]) => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [{ Ref: queue }],
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        onlyOverTls('sqs:*', [arnOf(queue)]),
        ...from.map(({ service, sources }) => ({
          Effect: 'Allow',
          Principal: { Service: service },
          Action: 'sqs:SendMessage',
          Resource: arnOf(queue),
          Condition: { ArnEquals: { 'aws:SourceArn': sources } },
        })),
      ],
    },
  },
});

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
