import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Stage } from './stage.ts';

/**
 * The topic of every alarm. Not encrypted: alarms cannot publish under the key that AWS manages for SNS, a key of our own
 * would be what costs most, and what is said is in the alarms' descriptions above.
 */
export const alarmTopicIn = (scope: Construct, { alarmEmails }: Stage, deadLetterQueue: IQueue): Topic => {
  const topic = new Topic(scope, 'AlarmTopic', { displayName: 'Slipway', enforceSSL: true });
  const { region, account } = Stack.of(scope);
  // A topic with a policy of its own lets nobody publish who does not stand in it, alarms of the same account included.
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'Alarms',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:${region}:${account}:alarm:slipway-*` },
      },
    }),
  );
  for (const email of alarmEmails) topic.addSubscription(new EmailSubscription(email, { deadLetterQueue }));
  return topic;
};
