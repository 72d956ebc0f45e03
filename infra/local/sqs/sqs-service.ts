import { createHash } from 'node:crypto';
import { jsonService } from '../wire/json.ts';
import type { Input, Operation, WireService } from '../wire/service.ts';
import type { Message, Queues } from './queues.ts';

/** SQS on the wire: JSON 1.0, the operations that a worker needs. */
export const sqsService = (queues: Queues): WireService => {
  const nameIn = ({ QueueUrl }: Input) => queues.nameOf(String(QueueUrl));
  const queueIn = (input: Input) => queues.get(nameIn(input));
  const onQueue = (run: Operation['run']): Operation => ({
    resources: (input) => [queues.arnOf(nameIn(input))],
    run,
  });
  return jsonService('sqs', '1.0', {
    DeleteMessage: onQueue((input) => queues.delete(queueIn(input).name, String(input.ReceiptHandle))),
    GetQueueAttributes: onQueue((input) => ({ Attributes: attributesOf(queues, queueIn(input).name) })),
    GetQueueUrl: {
      resources: ({ QueueName }) => [queues.arnOf(String(QueueName))],
      run: ({ QueueName }) => ({ QueueUrl: queues.urlOf(queues.get(String(QueueName)).name) }),
    },
    // Nobody waits here: a long poll answers at once.
    ReceiveMessage: onQueue((input) => {
      const found = queues.receive(queueIn(input), Number(input.MaxNumberOfMessages ?? 1));
      return found.length > 0 ? { Messages: found.map(shownMessage) } : {};
    }),
    SendMessage: onQueue((input) => {
      const { id, body } = queues.send(queueIn(input).name, String(input.MessageBody));
      return { MessageId: id, MD5OfMessageBody: md5(body) };
    }),
  });
};

const attributesOf = (queues: Queues, name: string): Readonly<Record<string, string>> => {
  const { visibilityTimeoutSeconds, redrive, createdAtMillis } = queues.get(name);
  const { visible, hidden } = queues.count(name);
  const policy = queues.policies.get(name);
  return {
    QueueArn: queues.arnOf(name),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(hidden),
    VisibilityTimeout: String(visibilityTimeoutSeconds),
    CreatedTimestamp: String(Math.floor(createdAtMillis / 1000)),
    ...(policy && { Policy: JSON.stringify(policy) }),
    ...(redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queues.arnOf(redrive.queueName),
        maxReceiveCount: redrive.maxReceiveCount,
      }),
    }),
  };
};

const shownMessage = ({ id, body, receipt, receiveCount, sentAtMillis }: Message) => ({
  MessageId: id,
  Body: body,
  ReceiptHandle: receipt,
  MD5OfBody: md5(body),
  Attributes: { ApproximateReceiveCount: String(receiveCount), SentTimestamp: String(sentAtMillis) },
});

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
