import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { itemFrom } from '../../../functions/adapters/aws/attribute-value.ts';
import { type DynamoTable, dynamoTable } from '../../../functions/adapters/aws/dynamo-table.ts';
import type { Written } from '../../../functions/ports.ts';
import { tables } from '../../../functions/tables.ts';

interface Counter {
  readonly token: string;
  readonly count: number;
}

const client = new DynamoDBClient({ region: 'eu-central-1' });
const mock = mockClient(client);
let table: DynamoTable<Counter>;
beforeEach(() => {
  mock.reset();
  table = dynamoTable<Counter>({ client, name: 'counters', shape: tables.CALLBACKS_TABLE });
});

const counted = (before: Counter | undefined): Written<Counter> => ({
  kind: 'moved',
  record: { token: 't', count: (before?.count ?? 0) + 1 },
});
const stored = (count: number, revision: number) => itemFrom({ token: 't', count, _revision: revision });
const refusal = (item?: ReturnType<typeof stored>) =>
  new ConditionalCheckFailedException({ message: 'refused', $metadata: {}, ...(item && { Item: item }) });

test('a read is strongly consistent, and what serves keys alone is no part of the record', async () => {
  mock.on(GetItemCommand).resolves({ Item: stored(3, 9) });
  expect(await table.find({ token: 't' })).toEqual({ token: 't', count: 3 });
  expect(mock.commandCalls(GetItemCommand)[0]?.args[0].input).toMatchObject({ ConsistentRead: true });
});

test('a write asks for the item that refuses it, decides on that again, and reads only once', async () => {
  mock.on(GetItemCommand).resolves({ Item: stored(1, 1) });
  mock
    .on(PutItemCommand)
    .rejectsOnce(refusal(stored(5, 4)))
    .resolves({});
  expect(await table.move({ token: 't' }, counted)).toEqual({ kind: 'moved', record: { token: 't', count: 6 } });
  expect(mock.commandCalls(GetItemCommand)).toHaveLength(1);
  const [, second] = mock.commandCalls(PutItemCommand).map(({ args }) => args[0].input);
  expect(second).toMatchObject({
    Item: stored(6, 5),
    ConditionExpression: '#_revision = :_revision_0',
    ExpressionAttributeValues: { ':_revision_0': { N: '4' } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
});

test('a refusal without the item is followed by a read', async () => {
  mock
    .on(GetItemCommand)
    .resolvesOnce({})
    .resolves({ Item: stored(7, 2) });
  mock.on(PutItemCommand).rejectsOnce(refusal()).resolves({});
  expect(await table.move({ token: 't' }, counted)).toMatchObject({ record: { count: 8 } });
  expect(mock.commandCalls(PutItemCommand)[0]?.args[0].input.ConditionExpression).toBe('attribute_not_exists(#token)');
});

/** Up to five, and no further. */
const upToFive = (before: Counter | undefined): Written<Counter> =>
  before?.count === 5 ? { kind: 'refused', reason: 'five is enough', record: before } : counted(before);

test('a write goes first on what was last seen of the item: read, found, written or refused', async () => {
  mock.on(GetItemCommand).resolves({ Item: stored(1, 1) });
  mock
    .on(PutItemCommand)
    .resolvesOnce({})
    .resolvesOnce({})
    .rejectsOnce(refusal(stored(7, 9)))
    .resolves({});
  await table.find({ token: 't' });
  expect(await table.move({ token: 't' }, counted)).toMatchObject({ record: { count: 2 } });
  expect(await table.move({ token: 't' }, counted)).toMatchObject({ record: { count: 3 } });
  expect(await table.move({ token: 't' }, counted)).toMatchObject({ record: { count: 8 } });
  expect(mock.commandCalls(GetItemCommand)).toHaveLength(1);
  const revisions = mock
    .commandCalls(PutItemCommand)
    .map(({ args }) => args[0].input.ExpressionAttributeValues?.[':_revision_0']?.N);
  expect(revisions).toEqual(['1', '2', '3', '9']);
});

test('what an index shows is written on, unless something newer has been seen', async () => {
  mock.on(QueryCommand).resolves({ Items: [stored(1, 1)] });
  mock.on(PutItemCommand).resolves({});
  await table.query({ index: 'open', partition: { _open: 'open' } });
  await table.move({ token: 't' }, counted);
  await table.query({ index: 'open', partition: { _open: 'open' } });
  expect(await table.move({ token: 't' }, counted)).toMatchObject({ record: { count: 3 } });
  expect(mock.commandCalls(GetItemCommand)).toHaveLength(0);
});

test('nothing but a write is decided by what was seen before: a refusal is taken anew on a fresh read', async () => {
  mock
    .on(GetItemCommand)
    .resolvesOnce({ Item: stored(5, 1) })
    .resolves({ Item: stored(2, 2) });
  mock.on(PutItemCommand).resolves({});
  await table.find({ token: 't' });
  expect(await table.move({ token: 't' }, upToFive)).toMatchObject({ kind: 'moved', record: { count: 3 } });
  mock.reset();
  mock.on(GetItemCommand).resolves({ Item: stored(5, 7) });
  mock.on(PutItemCommand).rejects(refusal(stored(5, 7)));
  expect(await table.move({ token: 't' }, upToFive)).toEqual({
    kind: 'refused',
    reason: 'five is enough',
    record: { token: 't', count: 5 },
  });
});

test('what is most likely new is written without a read, and decided on again when it is there', async () => {
  mock
    .on(PutItemCommand)
    .rejectsOnce(refusal(stored(5, 3)))
    .resolves({});
  expect(await table.move({ token: 't' }, upToFive, { isNew: true })).toMatchObject({
    kind: 'refused',
    record: { count: 5 },
  });
  expect(await table.move({ token: 'u' }, counted, { isNew: true })).toMatchObject({ record: { count: 1 } });
  expect(mock.commandCalls(GetItemCommand)).toHaveLength(0);
  expect(mock.commandCalls(PutItemCommand)[0]?.args[0].input.ConditionExpression).toBe('attribute_not_exists(#token)');
});

test('what is not there and is decided against is read once more, and no more', async () => {
  mock.on(GetItemCommand).resolves({});
  const never = (before: Counter | undefined): Written<Counter> => ({ kind: 'refused', reason: 'no', record: before });
  await table.find({ token: 't' });
  expect(await table.move({ token: 't' }, never)).toEqual({ kind: 'refused', reason: 'no', record: undefined });
  expect(mock.commandCalls(GetItemCommand)).toHaveLength(2);
});

test('an answer that is not about the condition is thrown as it came', async () => {
  mock.on(GetItemCommand).resolves({});
  mock.on(PutItemCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
  await expect(table.move({ token: 't' }, counted)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('an item that never stops changing ends in an error that names it', async () => {
  mock.on(GetItemCommand).resolves({ Item: stored(1, 1) });
  mock.on(PutItemCommand).rejects(refusal(stored(1, 1)));
  await expect(table.move({ token: 't' }, counted)).rejects.toThrow('counters t kept changing');
});

test('a list goes through all pages, and stops when it has enough', async () => {
  const page = (count: number, more: boolean) => ({
    Items: [stored(count, 1)],
    ...(more && { LastEvaluatedKey: itemFrom({ token: String(count) }) }),
  });
  mock.on(QueryCommand).resolvesOnce(page(1, true)).resolvesOnce(page(2, true)).resolves(page(3, false));
  expect((await table.query({ index: 'open', partition: { _open: 'open' } })).map(({ count }) => count)).toEqual([
    1, 2, 3,
  ]);
  mock.reset();
  mock.on(QueryCommand).resolves(page(1, true));
  expect(await table.query({ partition: { token: 't' }, limit: 2 })).toHaveLength(2);
  expect(mock.commandCalls(QueryCommand)).toHaveLength(2);
});
