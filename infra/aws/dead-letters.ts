import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * The one queue for what could not be delivered: events that no function took, events that a function failed at, e-mails
 * of alarms. One, because whoever looks wants one place and one alarm; a letter says where it comes from.
 */
export const deadLettersIn = (scope: Construct): Queue =>
  new Queue(scope, 'DeadLetters', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    // The longest that SQS keeps a message.
    retentionPeriod: Duration.days(14),
  });
