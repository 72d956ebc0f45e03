import type { Runtime } from '../application/runtime.ts';
import { type Build, byName, type Resources } from './build.ts';
import { logicalIds } from './names.ts';
import { subscriptionForm } from './subscription-form.ts';

/** An SNS topic of the cluster that a runtime subscribes to; it exists before any application does. */
export interface InfraTopic {
  readonly name: string;
  /** Without the envelope by which the sidecar knows what is no message of o5. */
  readonly isBare: boolean;
  readonly arn: unknown;
}

/** The topics of a runtime, each once, by name. */
export const infraTopics = ({ subscriptions }: Runtime): readonly InfraTopic[] => {
  const topics = new Map<string, InfraTopic>();
  for (const { name, rawMessage } of subscriptions) {
    const form = subscriptionForm(name);
    if (form.kind === 'infra')
      topics.set(form.topic, { name: form.topic, isBare: rawMessage === false, arn: topicArn(form.topic) });
  }
  return [...topics.values()].sort(byName);
};

/** The subscriptions that bring messages of these topics to the queue of a runtime. */
export const topicSubscriptions = (runtime: Runtime, { hash }: Build): Resources =>
  Object.fromEntries(
    infraTopics(runtime).map(({ name, isBare, arn }) => [
      logicalIds.topicSubscription(runtime.name, name, hash),
      {
        Type: 'AWS::SNS::Subscription',
        // SNS does not try again where it may not deliver, so the permission stands first.
        DependsOn: logicalIds.queuePolicy(runtime.name),
        Properties: {
          Protocol: 'sqs',
          TopicArn: arn,
          Endpoint: { 'Fn::GetAtt': [logicalIds.queue(runtime.name), 'Arn'] },
          RawMessageDelivery: isBare,
        },
      },
    ]),
  );

/** By the name of the cluster, not of the environment: its environments share these topics. */
const topicArn = (topic: string) => ({
  'Fn::Sub': `arn:aws:sns:\${AWS::Region}:\${AWS::AccountId}:\${ClusterName}-${topic}`,
});
