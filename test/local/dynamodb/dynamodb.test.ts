import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AttributeValue,
  BatchWriteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from '@jest/globals';
import { createDynamodb } from '../../../infra/local/dynamodb/dynamodb.ts';
import { createIam } from '../../../infra/local/iam/iam.ts';
import { openStore } from '../../../infra/local/store.ts';
import { create, resourceRequest, startedFront, testWorld } from '../test-world.ts';

const ARN = 'arn:aws:dynamodb:eu-central-1:111122223333:table/stacks';
const TYPE = 'AWS::DynamoDB::Table';
const TABLE = {
  TableName: 'stacks',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'status', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-status',
      KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
};

const UNINDEXED = {
  ...TABLE,
  AttributeDefinitions: TABLE.AttributeDefinitions.slice(0, 1),
  GlobalSecondaryIndexes: [],
};

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const started = async (given: { folder?: string; store?: ReturnType<typeof openStore> } = {}) => {
  const world = testWorld(given);
  const iam = createIam(world);
  const part = createDynamodb(world, given.folder ? { folder: given.folder } : {});
  await part.start?.();
  const front = await startedFront(iam, [part]);
  const client = new DynamoDBClient(front.operator);
  const close = async () => {
    client.destroy();
    await front.close();
    await part.stop?.();
  };
  open.push(close);
  return { iam, part, front, client, close };
};

const item = (id: string, status: string) => ({ id: { S: id }, status: { S: status } });

test('a table of a template is ACTIVE when its resource is made, under the account of the world', async () => {
  const { part, client } = await started();
  expect(await create(part, TYPE, 'Stacks', TABLE)).toEqual({ physicalId: 'stacks', attributes: { Arn: ARN } });
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'stacks' }));
  expect(Table).toMatchObject({ TableStatus: 'ACTIVE', TableArn: ARN });
  expect(Table?.GlobalSecondaryIndexes?.[0]).toMatchObject({
    IndexStatus: 'ACTIVE',
    IndexArn: `${ARN}/index/by-status`,
  });
});

test('items are written on conditions and read by index', async () => {
  const { part, client } = await started();
  await create(part, TYPE, 'Stacks', TABLE);
  const put = () =>
    client.send(
      new PutItemCommand({
        TableName: 'stacks',
        Item: item('a', 'STABLE'),
        ConditionExpression: 'attribute_not_exists(id)',
      }),
    );
  await put();
  await expect(put()).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  const { Items } = await client.send(
    new QueryCommand({
      TableName: 'stacks',
      IndexName: 'by-status',
      KeyConditionExpression: '#s = :s',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':s': { S: 'STABLE' } },
    }),
  );
  expect(Items).toEqual([item('a', 'STABLE')]);
});

test('a refused write brings the old item when it is asked for, by key or by whole item', async () => {
  const { part, client } = await started();
  await create(part, TYPE, 'Stacks', TABLE);
  await client.send(new PutItemCommand({ TableName: 'stacks', Item: item('a', 'BROKEN') }));
  const refused = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  const update = new UpdateItemCommand({
    TableName: 'stacks',
    Key: { id: { S: 'a' } },
    UpdateExpression: 'SET n = :n',
    ConditionExpression: 'attribute_not_exists(id)',
    ExpressionAttributeValues: { ':n': { N: '1' } },
    ...refused,
  });
  await expect(client.send(update)).rejects.toMatchObject({ Item: item('a', 'BROKEN') });
  const put = { TableName: 'stacks', Item: item('a', 'x'), ConditionExpression: 'attribute_not_exists(id)' };
  await expect(client.send(new PutItemCommand({ ...put, ...refused }))).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    Item: item('a', 'BROKEN'),
  });
  const plain: { Item?: unknown } = await client.send(new PutItemCommand(put)).catch((error) => error);
  expect(plain.Item).toBeUndefined();
});

test('the old item is always the one that refused the write, however many writers race', async () => {
  const { part, client } = await started();
  await create(part, TYPE, 'Stacks', TABLE);
  const claim = (n: number) =>
    client
      .send(
        new UpdateItemCommand({
          TableName: 'stacks',
          Key: { id: { S: 'a' } },
          UpdateExpression: 'SET fence = :next',
          ConditionExpression: n === 0 ? 'attribute_not_exists(fence)' : 'fence = :now',
          ExpressionAttributeValues: { ':next': { N: String(n + 1) }, ...(n > 0 && { ':now': { N: String(n) } }) },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      )
      .then(
        () => undefined,
        (error: { Item?: Record<string, AttributeValue> }) => Number(error.Item?.['fence']?.N ?? 0),
      );
  const writers = Array.from({ length: 40 }, (_, index) => index % 8);
  const seen = await Promise.all(writers.map(async (n) => ({ n, old: await claim(n) })));
  expect(seen.some(({ old }) => old === undefined)).toBe(true);
  for (const { n, old } of seen) expect(old).not.toBe(n);
});

test('a role reads tables and indexes only as its policy names them', async () => {
  const { iam, part, front } = await started();
  await create(part, TYPE, 'Stacks', TABLE);
  await create(iam, 'AWS::IAM::Role', 'Reader', {
    RoleName: 'reader',
    AssumeRolePolicyDocument: { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' } },
    Policies: [
      {
        PolicyName: 'own',
        PolicyDocument: {
          Statement: {
            Effect: 'Allow',
            Action: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:BatchWriteItem'],
            Resource: ARN,
          },
        },
      },
    ],
  });
  const client = new DynamoDBClient(front.as('arn:aws:iam::111122223333:role/reader'));
  await client.send(new GetItemCommand({ TableName: 'stacks', Key: { id: { S: 'a' } } }));
  const query = new QueryCommand({
    TableName: 'stacks',
    IndexName: 'by-status',
    KeyConditionExpression: 'id = :s',
    ExpressionAttributeValues: { ':s': { S: 'x' } },
  });
  await expect(client.send(query)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: `User: arn:aws:sts::111122223333:assumed-role/reader/test is not authorized to perform: dynamodb:Query on resource: ${ARN}/index/by-status because no identity-based policy allows the dynamodb:Query action`,
  });
  const batch = (name: string) =>
    client.send(new BatchWriteItemCommand({ RequestItems: { [name]: [{ PutRequest: { Item: item('b', 'x') } }] } }));
  await batch('stacks');
  await expect(batch('other')).rejects.toThrow(`on resource: ${ARN.replace('stacks', 'other')}`);
  client.destroy();
});

test('an index can be added and dropped, one in an update, and the items stay', async () => {
  const { part, client } = await started();
  await create(part, TYPE, 'Stacks', TABLE);
  const ids = Array.from({ length: 60 }, (_, index) => `s${index}`);
  for (const id of ids) await client.send(new PutItemCommand({ TableName: 'stacks', Item: item(id, 'STABLE') }));
  const update = (previous: object, properties: object) =>
    part.resources?.[TYPE]?.update({
      ...resourceRequest(TYPE, 'Stacks', { ...TABLE, ...properties }),
      physicalId: 'stacks',
      previous: { ...TABLE, ...previous },
    });
  const index = (IndexName: string) => ({ ...TABLE.GlobalSecondaryIndexes[0], IndexName });
  const two = { GlobalSecondaryIndexes: [index('by-status'), index('second')] };
  await update({}, two);
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'stacks' }));
  expect(Table?.GlobalSecondaryIndexes?.map((one) => one.IndexName).sort()).toEqual(['by-status', 'second']);
  const query = {
    TableName: 'stacks',
    IndexName: 'second',
    KeyConditionExpression: '#s = :s',
    ExpressionAttributeNames: { '#s': 'status' },
    ExpressionAttributeValues: { ':s': { S: 'STABLE' } },
  };
  expect((await client.send(new QueryCommand(query))).Count).toBe(60);
  await expect(update(two, { GlobalSecondaryIndexes: [] })).rejects.toThrow('more than one GSI');
  await update(two, { GlobalSecondaryIndexes: [index('second')] });
  const after = await client.send(new DescribeTableCommand({ TableName: 'stacks' }));
  expect(after.Table?.GlobalSecondaryIndexes?.map((one) => one.IndexName)).toEqual(['second']);
});

test('what is written while the indexes change is neither lost nor refused', async () => {
  const { part, client } = await started();
  await create(part, TYPE, 'Stacks', TABLE);
  const write = (id: string) => client.send(new PutItemCommand({ TableName: 'stacks', Item: item(id, 'STABLE') }));
  const read = (id: string) =>
    client.send(new GetItemCommand({ TableName: 'stacks', Key: { id: { S: id } }, ConsistentRead: true }));
  await write('before');
  const changing = part.resources?.[TYPE]?.update({
    ...resourceRequest(TYPE, 'Stacks', UNINDEXED),
    physicalId: 'stacks',
    previous: TABLE,
  });
  const ids = Array.from({ length: 20 }, (_, index) => `during-${index}`);
  const reads = Promise.all(ids.map(() => read('before')));
  await Promise.all(ids.map(write));
  for (const { Item } of await reads) expect(Item).toEqual(item('before', 'STABLE'));
  await changing;
  for (const id of ['before', ...ids]) expect((await read(id)).Item).toEqual(item(id, 'STABLE'));
});

test('an index change that is refused leaves the table as it was', async () => {
  const { part, client } = await started();
  await create(part, TYPE, 'Stacks', TABLE);
  await client.send(new PutItemCommand({ TableName: 'stacks', Item: { ...item('a', 'STABLE'), size: { N: '1' } } }));
  const update = (properties: object) =>
    part.resources?.[TYPE]?.update({
      ...resourceRequest(TYPE, 'Stacks', { ...TABLE, ...properties }),
      physicalId: 'stacks',
      previous: TABLE,
    });
  await expect(update({ GlobalSecondaryIndexes: [] })).rejects.toThrow('Number of attributes in KeySchema');
  const bySize = {
    ...TABLE.GlobalSecondaryIndexes[0],
    IndexName: 'by-size',
    KeySchema: [{ AttributeName: 'size', KeyType: 'HASH' }],
  };
  await expect(
    update({
      AttributeDefinitions: [...TABLE.AttributeDefinitions, { AttributeName: 'size', AttributeType: 'S' }],
      GlobalSecondaryIndexes: [...TABLE.GlobalSecondaryIndexes, bySize],
    }),
  ).rejects.toThrow('stacks holds an item whose size is not of type S; its indexes were not changed');
  const { Item } = await client.send(new GetItemCommand({ TableName: 'stacks', Key: { id: { S: 'a' } } }));
  expect(Item?.['size']).toEqual({ N: '1' });
});

test('an index change that a crash interrupted is finished at the next start', async () => {
  const store = openStore();
  store.table('dynamodb-rebuilds').put('stacks', {
    input: {
      TableName: 'stacks',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: UNINDEXED.AttributeDefinitions,
      KeySchema: TABLE.KeySchema,
    },
    items: [item('a', 'STABLE')],
  });
  const { client } = await started({ store });
  const { Item } = await client.send(new GetItemCommand({ TableName: 'stacks', Key: { id: { S: 'a' } } }));
  expect(Item).toEqual(item('a', 'STABLE'));
  expect(store.table('dynamodb-rebuilds').list()).toEqual([]);
});

test('a protected table is deleted neither by its resource nor over the wire', async () => {
  const { part, client } = await started();
  const properties = { ...TABLE, DeletionProtectionEnabled: true };
  await create(part, TYPE, 'Stacks', properties);
  const provider = part.resources?.[TYPE];
  const request = { ...resourceRequest(TYPE, 'Stacks', properties), physicalId: 'stacks' };
  await expect(provider?.delete(request)).rejects.toThrow('protected against deletion');
  await expect(client.send(new DeleteTableCommand({ TableName: 'stacks' }))).rejects.toThrow(
    'protected against deletion',
  );
  await provider?.update({ ...request, properties: TABLE, previous: properties });
  await provider?.delete(request);
  await provider?.delete(request);
  await expect(client.send(new DescribeTableCommand({ TableName: 'stacks' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a name belongs to the resource that took it; the same resource may ask again', async () => {
  const { part } = await started();
  await create(part, TYPE, 'Stacks', TABLE);
  await expect(create(part, TYPE, 'Stacks', TABLE)).resolves.toMatchObject({ physicalId: 'stacks' });
  await expect(create(part, TYPE, 'Other', TABLE)).rejects.toThrow('Table already exists: stacks');
  const { TableName, ...unnamed } = TABLE;
  expect((await create(part, TYPE, 'Unnamed', unnamed)).physicalId).toMatch(/^shop-Unnamed-[A-Z2-7]{12}$/);
});

test('transactions are refused by name', async () => {
  const { client } = await started();
  await expect(
    client.send(
      new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName: 'stacks', Item: item('a', 'b') } }] }),
    ),
  ).rejects.toMatchObject({ name: 'UnknownOperationException' });
});

test('tables and items in a folder are there after a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-dynamodb-'));
  const store = openStore();
  const first = await started({ folder, store });
  await create(first.part, TYPE, 'Stacks', TABLE);
  await first.client.send(new PutItemCommand({ TableName: 'stacks', Item: item('a', 'STABLE') }));
  open.pop();
  await first.close();
  const { client } = await started({ folder, store });
  const { Item } = await client.send(new GetItemCommand({ TableName: 'stacks', Key: { id: { S: 'a' } } }));
  expect(Item).toEqual(item('a', 'STABLE'));
  open.unshift(async () => rmSync(folder, { recursive: true }));
});
