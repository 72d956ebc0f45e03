import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as BusTarget } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { alarmTopicIn } from './alarm-topic.ts';
import { deadLettersIn } from './dead-letters.ts';
import { hintPatterns } from './hint-patterns.ts';
import { busName } from './names.ts';
import type { ClusterSite, Stage } from './stage.ts';

/** The rules that send a cluster's events to the bus of the control plane; what cannot be sent is kept, and rings. */
export const forwardEvents = (scope: Construct, stage: Stage, site: ClusterSite): void => {
  const arn = `arn:aws:events:${stage.region}:${stage.account}:event-bus/${busName}`;
  const bus = EventBus.fromEventBusArn(scope, 'ControlBus', arn);
  const deadLetterQueue = deadLettersIn(scope);
  const targets = [new BusTarget(bus, { role: forwardingRole(scope), deadLetterQueue })];
  for (const [what, eventPattern] of Object.entries(hintPatterns))
    new Rule(scope, `Forward${what}Events`, {
      description: `${what} events that may end a wait, to the control plane`,
      eventPattern,
      targets,
    });
  alarmOf(scope, stage, site, deadLetterQueue);
};

const forwardingRole = (scope: Construct) =>
  new Role(scope, 'ForwardingRole', {
    assumedBy: new ServicePrincipal('events.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  });

const alarmOf = (scope: Construct, stage: Stage, { name }: ClusterSite, deadLetters: Queue) => {
  const alarm = new Alarm(scope, 'DeadLettersAlarm', {
    alarmName: `slipway-DeadLetters-${name}`,
    alarmDescription: `An event of cluster ${name} could not be sent to the control plane. What to do: docs/runbook.md#deadletters`,
    metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: 'Maximum' }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  const topic = alarmTopicIn(scope, stage, deadLetters);
  alarm.addAlarmAction(new SnsAction(topic));
  alarm.addOkAction(new SnsAction(topic));
};
