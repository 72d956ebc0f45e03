import { expect, test } from '@jest/globals';
import { infraTopics, topicSubscriptions } from '../../../functions/domain/template/topic-subscription.ts';
import { sampleRuntimeBuild } from '../../support/sample-build.ts';

const subscriptionsOf = (...subscriptions: readonly object[]) => {
  const { runtime, build } = sampleRuntimeBuild({ runtime: { subscriptions } });
  return topicSubscriptions(runtime, build);
};

test('a topic belongs to the cluster, not to the environment, and its messages keep their envelope', () => {
  expect(subscriptionsOf({ name: 'o5-infra/ecs-events' })).toEqual({
    SNSSubscriptionMainEcsEvents: {
      Type: 'AWS::SNS::Subscription',
      DependsOn: 'SQSQueuePolicyMain',
      Properties: {
        Protocol: 'sqs',
        TopicArn: { 'Fn::Sub': 'arn:aws:sns:${AWS::Region}:${AWS::AccountId}:${ClusterName}-ecs-events' },
        Endpoint: { 'Fn::GetAtt': ['SQSQueueMain', 'Arn'] },
        RawMessageDelivery: false,
      },
    },
  });
});

test('O35: two subscriptions that differ only in rawMessage differ in their delivery', () => {
  const delivery = (more: object) => {
    const subscription = subscriptionsOf({ name: 'o5-infra/a', ...more })['SNSSubscriptionMainA'];
    return subscription?.Properties?.['RawMessageDelivery'];
  };
  // What is raw to o5 needs the envelope of SNS, and so does what the original was never told about.
  expect([delivery({ rawMessage: true }), delivery({}), delivery({ rawMessage: false })]).toEqual([false, false, true]);
});

test('a topic for two containers is subscribed to once, and other names not at all', () => {
  const { runtime } = sampleRuntimeBuild({
    runtime: {
      subscriptions: [{ name: 'o5-infra/b' }, { name: 'o5-infra/a', port: 9 }, { name: 'o5-infra/a' }, { name: 'a' }],
    },
  });
  expect(infraTopics(runtime).map(({ name }) => name)).toEqual(['a', 'b']);
});
