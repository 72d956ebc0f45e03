import { randomUUID } from 'node:crypto';
import type { PolicyDocument } from '../iam/policy.ts';
import type { World } from '../part.ts';
import { AwsError } from '../wire/service.ts';

export interface QueueRecord {
  readonly name: string;
  /** Of the resource that made it: the same resource may ask for it again. */
  readonly seed: string;
  readonly visibilityTimeoutSeconds: number;
  /** Where a message goes that was received so often and never deleted. */
  readonly redrive?: { readonly queueName: string; readonly maxReceiveCount: number };
  readonly createdAtMillis: number;
}

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAtMillis: number;
  readonly receiveCount: number;
  /** Nobody receives it before. */
  readonly visibleAtMillis: number;
  /** Of its last receipt; an older one deletes nothing. */
  readonly receipt?: string;
}

export type Queues = ReturnType<typeof queuesOf>;

/** Queues and the messages in them, as the store holds them. */
export const queuesOf = (world: World) => {
  const queues = world.store.table<QueueRecord>('sqs.queues');
  const policies = world.store.table<PolicyDocument>('sqs.policies');
  const messages = world.store.table<Message>('sqs.messages');
  const prefix = `arn:aws:sqs:${world.region}:${world.account}:`;
  const urlPrefix = `https://sqs.${world.region}.amazonaws.com/${world.account}/`;
  const now = () => world.clock.now();
  const keyOf = (name: string, { sentAtMillis, id }: Message) =>
    `${name}/${String(sentAtMillis).padStart(15, '0')} ${id}`;
  const rowsOf = (name: string) => messages.list(`${name}/`);

  const put = (name: string, body: string): Message => {
    const message = { id: randomUUID(), body, sentAtMillis: now(), receiveCount: 0, visibleAtMillis: now() };
    messages.put(keyOf(name, message), message);
    return message;
  };

  /** One that was received too often moves on instead. */
  const receiveOne = (queue: QueueRecord, key: string, message: Message): Message | undefined => {
    const { redrive } = queue;
    if (redrive && message.receiveCount >= redrive.maxReceiveCount) {
      messages.delete(key);
      messages.put(keyOf(redrive.queueName, message), { ...message, receiveCount: 0 });
      return undefined;
    }
    const received = {
      ...message,
      receiveCount: message.receiveCount + 1,
      visibleAtMillis: now() + queue.visibilityTimeoutSeconds * 1000,
      receipt: `${queue.name}/${randomUUID()}`,
    };
    messages.put(key, received);
    return received;
  };

  return {
    queues,
    policies,
    arnOf: (name: string) => `${prefix}${name}`,
    urlOf: (name: string) => `${urlPrefix}${name}`,
    /** The name in an ARN or a URL. */
    nameOf: (arnOrUrl: string) => arnOrUrl.slice(Math.max(arnOrUrl.lastIndexOf(':'), arnOrUrl.lastIndexOf('/')) + 1),
    /** @throws AwsError QueueDoesNotExist */
    get: (name: string): QueueRecord => {
      const queue = queues.get(name);
      if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
      return queue;
    },
    /** Takes its messages and its policy along. */
    remove: (name: string): void => {
      for (const { key } of rowsOf(name)) messages.delete(key);
      policies.delete(name);
      queues.delete(name);
    },
    send: put,
    /** The oldest visible ones, at most `most`; they are hidden for the visibility timeout. */
    receive: (queue: QueueRecord, most: number): readonly Message[] =>
      rowsOf(queue.name)
        .filter(({ value }) => value.visibleAtMillis <= now())
        .slice(0, most)
        .flatMap(({ key, value }) => receiveOne(queue, key, value) ?? []),
    /** A receipt that is not the newest one deletes nothing, and that is no error. */
    delete: (name: string, receipt: string): void => {
      const row = rowsOf(name).find(({ value }) => value.receipt === receipt);
      if (row) messages.delete(row.key);
    },
    count: (name: string): { readonly visible: number; readonly hidden: number } => {
      const all = rowsOf(name).map(({ value }) => value.visibleAtMillis <= now());
      const visible = all.filter(Boolean).length;
      return { visible, hidden: all.length - visible };
    },
  };
};
