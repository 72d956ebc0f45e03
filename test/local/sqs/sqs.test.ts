import { afterEach, expect, test } from '@jest/globals';
import { AwsClient } from 'aws4fetch';
import { standingClock } from '../../../infra/local/clock.ts';
import { createEvents } from '../../../infra/local/events/events.ts';
import { createSqs } from '../../../infra/local/sqs/sqs.ts';
import type { Front } from '../../../infra/local/wire/front.ts';
import { onWire } from '../../support/lone-part.ts';
import { create, eventually, resourceRequest, testWorld } from '../test-world.ts';

let front: Front | undefined;
afterEach(() => front?.close());

const QUEUE = 'AWS::SQS::Queue';
const POLICY = 'AWS::SQS::QueuePolicy';
const RULE = 'AWS::Events::Rule';
const URL = 'https://sqs.eu-central-1.amazonaws.com/111122223333/orders';
const ARN = 'arn:aws:sqs:eu-central-1:111122223333:orders';
const RULE_ARN = 'arn:aws:events:eu-central-1:111122223333:rule/own';

const statement = (more: object = {}) => ({
  ...{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: ARN },
  ...more,
});
const policyOf = (...statements: object[]) => ({ Queues: [URL], PolicyDocument: { Statement: statements } });

/** The wire as SDK clients speak it; none of them is installed for this service. */
const sqs = async (accessKeyId = 'operator') => {
  const world = testWorld({ clock: standingClock(1_000_000) });
  const part = createSqs(world);
  front = await onWire(part, { worker: [`sqs:ReceiveMessage ${ARN}`] });
  const { url } = front;
  const client = new AwsClient({
    ...{ accessKeyId, secretAccessKey: 'secret', region: 'eu-central-1', service: 'sqs', retries: 0 },
  });
  const call = async (operation: string, input: object): Promise<Record<string, unknown>> => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` };
    const response = await client.fetch(url, { method: 'POST', headers, body: JSON.stringify(input) });
    return (await response.json()) as Record<string, unknown>;
  };
  const receive = async (QueueUrl = URL) =>
    ((await call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }))['Messages'] ?? []) as readonly {
      readonly Body: string;
      readonly ReceiptHandle: string;
    }[];
  return { world, part, call, receive };
};

test('Ref of a queue is its URL, and its attributes are those of AWS', async () => {
  const { part, call } = await sqs();
  expect(await create(part, QUEUE, 'Orders', { QueueName: 'orders' })).toEqual({
    physicalId: URL,
    attributes: { Arn: ARN, QueueName: 'orders', QueueUrl: URL },
  });
  expect(await call('GetQueueUrl', { QueueName: 'orders' })).toEqual({ QueueUrl: URL });
  const nameless = await create(part, QUEUE, 'Made', { FifoQueue: true });
  expect(nameless.attributes['QueueName']).toMatch(/^shop-Made-[A-Z2-7]{12}\.fifo$/);
});

test('a name that is taken by another resource or that AWS would not take is refused', async () => {
  const { part } = await sqs();
  await create(part, QUEUE, 'Orders', { QueueName: 'orders' });
  await expect(create(part, QUEUE, 'Orders', { QueueName: 'orders' })).resolves.toMatchObject({ physicalId: URL });
  await expect(create(part, QUEUE, 'Others', { QueueName: 'orders' })).rejects.toThrow(
    "Resource of type 'AWS::SQS::Queue' with identifier 'orders' already exists.",
  );
  await expect(create(part, QUEUE, 'Dotted', { QueueName: 'orders.v1' })).rejects.toThrow(/alphanumeric characters/);
  await expect(create(part, QUEUE, 'Long', { QueueName: 'a'.repeat(81) })).rejects.toThrow(/1 to 80 in length/);
});

test('a message is hidden from its receipt on, comes back when nobody deletes it, and is gone once it is deleted', async () => {
  const { world, part, call, receive } = await sqs();
  await create(part, QUEUE, 'Orders', { QueueName: 'orders', VisibilityTimeout: 60 });
  await call('SendMessage', { QueueUrl: URL, MessageBody: 'first' });
  const [first] = await receive();
  expect(first?.Body).toBe('first');
  expect(await receive()).toEqual([]);
  expect(await call('GetQueueAttributes', { QueueUrl: URL })).toMatchObject({
    Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '1', QueueArn: ARN },
  });
  await world.clock.advance(60_000);
  const [again] = await receive();
  expect(again?.Body).toBe('first');
  // A receipt that is not the newest deletes nothing.
  await call('DeleteMessage', { QueueUrl: URL, ReceiptHandle: first?.ReceiptHandle });
  expect(await call('GetQueueAttributes', { QueueUrl: URL })).toMatchObject({
    Attributes: { ApproximateNumberOfMessagesNotVisible: '1' },
  });
  await call('DeleteMessage', { QueueUrl: URL, ReceiptHandle: again?.ReceiptHandle });
  await world.clock.advance(60_000);
  expect(await receive()).toEqual([]);
});

test('a message that was received too often goes to the dead-letter queue', async () => {
  const { world, part, call, receive } = await sqs();
  const orders = { QueueName: 'orders', RedrivePolicy: { deadLetterTargetArn: `${ARN}-dead`, maxReceiveCount: 2 } };
  await expect(create(part, QUEUE, 'Orders', orders)).rejects.toThrow(/Dead letter target does not exist/);
  await create(part, QUEUE, 'Dead', { QueueName: 'orders-dead' });
  await create(part, QUEUE, 'Orders', orders);
  await call('SendMessage', { QueueUrl: URL, MessageBody: 'poison' });
  for (const _ of [1, 2]) {
    expect(await receive()).toMatchObject([{ Body: 'poison' }]);
    await world.clock.advance(30_000);
  }
  expect(await receive()).toEqual([]);
  expect(await receive(`${URL}-dead`)).toMatchObject([{ Body: 'poison' }]);
});

test.each([
  ['no policy at all', undefined, /no policy that admits/],
  ['a statement for its service', policyOf(statement()), undefined],
  [
    'a statement for another service',
    policyOf(statement({ Principal: { Service: 'sns.amazonaws.com' } })),
    /no policy/,
  ],
  ['its own rule', policyOf(statement({ Condition: { ArnEquals: { 'aws:SourceArn': RULE_ARN } } })), undefined],
  ['another rule', policyOf(statement({ Condition: { ArnEquals: { 'aws:SourceArn': `${RULE_ARN}2` } } })), /no policy/],
  ['a denial beside it', policyOf(statement(), statement({ Effect: 'Deny', Principal: '*' })), /no policy/],
])('what a rule sends arrives as the queue policy says: %s', async (_what, policy, refusal) => {
  const { part, receive } = await sqs();
  await create(part, QUEUE, 'Orders', { QueueName: 'orders' });
  if (policy) await create(part, POLICY, 'Policy', policy);
  const reason = part.sendFor('events.amazonaws.com', RULE_ARN, ARN, 'hello');
  expect(reason ?? '').toMatch(refusal ?? /^$/);
  expect(await receive()).toHaveLength(refusal ? 0 : 1);
});

test('an event that fits the pattern of a rule stands in the queue of the rule, any other does not', async () => {
  const { world, part, receive } = await sqs();
  await create(part, QUEUE, 'Orders', { QueueName: 'orders' });
  await create(
    part,
    POLICY,
    'Policy',
    policyOf(statement({ Condition: { ArnEquals: { 'aws:SourceArn': RULE_ARN } } })),
  );
  const events = createEvents(world, {
    allowed: () => false,
    invoke: async () => ({ payload: 'null' }),
    sendToQueue: (queueArn, body, ruleArn) => part.sendFor('events.amazonaws.com', ruleArn, queueArn, body),
  });
  await create(events, RULE, 'Rule', {
    Name: 'own',
    EventPattern: {
      source: ['app'],
      detail: {
        sourceEnv: ['prod'],
        $or: [
          { destinationTopic: ['orders'] },
          { grpcService: ['acme.Orders'], grpcMethod: ['Place'], reply: { replyTo: [{ exists: false }, 'prod/shop'] } },
          { event: { entityName: [{ exists: true }] } },
        ],
      },
    },
    Targets: [{ Id: 'queue', Arn: ARN }],
  });
  const emit = (n: number, detail: object) =>
    events.emit({ source: 'app', 'detail-type': 'x', detail: { n, ...detail } });
  emit(1, { sourceEnv: 'prod', destinationTopic: 'orders' });
  emit(2, { sourceEnv: 'prod', destinationTopic: 'other' });
  emit(3, { sourceEnv: 'stage', destinationTopic: 'orders' });
  emit(4, { sourceEnv: 'prod', grpcService: 'acme.Orders', grpcMethod: 'Place' });
  emit(5, { sourceEnv: 'prod', grpcService: 'acme.Orders', grpcMethod: 'Place', reply: { replyTo: 'prod/shop' } });
  emit(6, { sourceEnv: 'prod', grpcService: 'acme.Orders', grpcMethod: 'Place', reply: { replyTo: 'prod/till' } });
  emit(7, { sourceEnv: 'prod', event: { entityName: 'order' } });
  await world.clock.advance(1);
  await eventually('all deliveries', () => world.store.table('events-deliveries').list().length === 0);
  const numbers = (await receive()).map(({ Body }) => JSON.parse(Body).detail.n);
  expect(numbers.sort()).toEqual([1, 4, 5, 7]);
  await events.stop?.();
});

test('a deleted queue takes its messages and its policy along, and its name is free again', async () => {
  const { part, call, receive } = await sqs();
  await create(part, QUEUE, 'Orders', { QueueName: 'orders' });
  await create(part, POLICY, 'Policy', policyOf(statement()));
  await call('SendMessage', { QueueUrl: URL, MessageBody: 'old' });
  await part.resources?.[QUEUE]?.delete({ ...resourceRequest(QUEUE, 'Orders', {}), physicalId: URL });
  expect(await call('SendMessage', { QueueUrl: URL, MessageBody: 'x' })).toMatchObject({ __type: 'QueueDoesNotExist' });
  expect(part.sendFor('events.amazonaws.com', RULE_ARN, ARN, 'x')).toBe(`there is no queue ${ARN}`);
  await create(part, QUEUE, 'Others', { QueueName: 'orders' });
  expect(await receive()).toEqual([]);
  expect(part.sendFor('events.amazonaws.com', RULE_ARN, ARN, 'x')).toMatch(/no policy/);
});

test('a policy follows its template: to other queues, and away', async () => {
  const { part } = await sqs();
  const admitted = (arn: string) => part.sendFor('events.amazonaws.com', RULE_ARN, arn, 'x') === undefined;
  await create(part, QUEUE, 'Orders', { QueueName: 'orders' });
  await create(part, QUEUE, 'Bills', { QueueName: 'orders-bills' });
  const first = policyOf(statement({ Resource: '*' }));
  const { physicalId } = await create(part, POLICY, 'Policy', first);
  const second = { ...first, Queues: [`${URL}-bills`] };
  await part.resources?.[POLICY]?.update({ ...resourceRequest(POLICY, 'Policy', second), physicalId, previous: first });
  expect([admitted(ARN), admitted(`${ARN}-bills`)]).toEqual([false, true]);
  await part.resources?.[POLICY]?.delete({ ...resourceRequest(POLICY, 'Policy', second), physicalId });
  expect(admitted(`${ARN}-bills`)).toBe(false);
});

test('a worker does what it was granted and nothing else', async () => {
  const { part, call } = await sqs('worker');
  await create(part, QUEUE, 'Orders', { QueueName: 'orders' });
  expect(await call('ReceiveMessage', { QueueUrl: URL })).toEqual({});
  expect(await call('SendMessage', { QueueUrl: URL, MessageBody: 'x' })).toMatchObject({ __type: 'AccessDenied' });
});
