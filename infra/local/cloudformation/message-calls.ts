import { goneOf, listOf, newOf } from './list-changes.ts';
import { because, type SpecialCall } from './special-call.ts';

/** Those on rules, topics and queues. */
export const messageCalls: Readonly<Record<string, SpecialCall>> = {
  'events:PutTargets': (question, own) => because(newOf(question, 'Targets'), 'events:PutTargets', own),
  'events:RemoveTargets': (question, own) => because(goneOf(question, 'Targets'), 'events:RemoveTargets', own),

  // SNS judges what is done to a subscription by its topic.
  ...Object.fromEntries(
    ['GetSubscriptionAttributes', 'ListSubscriptionsByTopic', 'SetSubscriptionAttributes', 'Unsubscribe'].map(
      (name): [string, SpecialCall] => [
        `sns:${name}`,
        ({ properties }) => [{ action: `sns:${name}`, resources: [String(properties['TopicArn'])] }],
      ],
    ),
  ),
  'sns:Subscribe': ({ properties: { TopicArn, Protocol, Endpoint } }) => [
    {
      action: 'sns:Subscribe',
      resources: [String(TopicArn)],
      context: { 'sns:Protocol': String(Protocol), 'sns:Endpoint': String(Endpoint) },
    },
  ],

  // A policy of queues is an attribute of each of them.
  'sqs:SetQueueAttributes': ({ type, properties, region, account }, own) => {
    if (type !== 'AWS::SQS::QueuePolicy') return [{ action: 'sqs:SetQueueAttributes', resources: [own()] }];
    return listOf(properties, 'Queues').map((url) => ({
      action: 'sqs:SetQueueAttributes',
      resources: [`arn:aws:sqs:${region}:${account}:${String(url).split('/').at(-1)}`],
    }));
  },
};
