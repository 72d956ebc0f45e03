import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import type { Written } from '../../ports.ts';
import type { TableShape } from '../../tables.ts';
import { type Item, itemFrom, recordFrom } from './attribute-value.ts';
import { absent, all, type Condition, equals } from './condition.ts';

export interface DynamoTable<T> {
  /** Strongly consistent. */
  find(key: Key): Promise<T | undefined>;
  /**
   * Reads, decides, writes on the condition that nothing changed meanwhile and `condition` holds; decides again when
   * somebody was faster. A decision must know its own effect when it meets it (`repeated`): an answer can be lost.
   */
  move(key: Key, decide: (before: T | undefined) => Written<T>, condition?: Condition): Promise<Written<T>>;
  /** Overwrites whatever stands there. */
  put(record: T, key?: Key): Promise<void>;
  query(query: TableQuery): Promise<readonly T[]>;
}

export type Key = Readonly<Record<string, string>>;

export interface TableQuery {
  /** Without an index the table itself is read, strongly consistent. */
  readonly index?: string;
  readonly partition: Key;
  readonly newestFirst?: boolean;
  readonly limit?: number;
  readonly filter?: Condition;
}

export interface TableOptions<T> {
  readonly client: DynamoDBClient;
  readonly name: string;
  readonly shape: TableShape;
  /** Attributes for keys and indexes that are no part of the record; each begins with `_`. */
  readonly indexed?: (record: T) => Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Each refused write means that another one was made: the loop ends unless hundreds write one item at once. */
const MOST_TRIES = 300;

/** The seam to DynamoDB: single-item conditional writes, consistent reads, queries over sparse indexes. */
export const dynamoTable = <T extends object>(options: TableOptions<T>): DynamoTable<T> => {
  const { client, name: TableName, indexed } = options;
  const toItem = (record: T, key: Key, revision: number): Item =>
    itemFrom({ ...record, ...indexed?.(record), ...key, _revision: revision });

  const read = async (key: Key): Promise<Item | undefined> =>
    (await client.send(new GetItemCommand({ TableName, Key: itemFrom(key), ConsistentRead: true }))).Item;

  /** Undefined when the item was written, else the item that refused. */
  const write = async (item: Item, key: Key, condition: Condition): Promise<{ old: Item | undefined } | undefined> => {
    try {
      await client.send(
        new PutItemCommand({
          TableName,
          Item: item,
          ...conditioned(condition),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { old: error.Item ?? (await read(key)) };
    }
  };

  return {
    find: async (key) => found<T>(await read(key)),
    move: async (key, decide, condition) => {
      let before = await read(key);
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const decision = decide(found<T>(before));
        if (decision.kind !== 'moved') return decision;
        const item = toItem(decision.record, key, revisionOf(before) + 1);
        const refusal = await write(item, key, unchanged(before, options.shape, condition));
        if (!refusal) return decision;
        before = refusal.old;
      }
      throw new Error(`${TableName} ${Object.values(key).join('/')} kept changing: ${MOST_TRIES} writes came too late`);
    },
    put: async (record, key = {}) => {
      await client.send(new PutItemCommand({ TableName, Item: toItem(record, key, 1) }));
    },
    query: async ({ index, partition, newestFirst = false, limit = Number.POSITIVE_INFINITY, filter }) => {
      const records: T[] = [];
      const { expression, ...placeholders } = all(
        Object.entries(partition).map(([path, value]) => equals(path, value)),
      );
      const pages = paginateQuery(
        { client },
        {
          TableName,
          ...(index ? { IndexName: index } : { ConsistentRead: true }),
          KeyConditionExpression: expression,
          ...(filter && { FilterExpression: filter.expression }),
          ...placeholdersOf(filter ? all([{ expression, ...placeholders }, filter]) : { expression, ...placeholders }),
          ScanIndexForward: !newestFirst,
          ...(Number.isFinite(limit) && !filter && { Limit: limit }),
        },
      );
      for await (const { Items = [] } of pages) {
        for (const item of Items) records.push(recordOf<T>(item));
        if (records.length >= limit) break;
      }
      return records.slice(0, limit);
    },
  };
};

const revisionOf = (item: Item | undefined): number => Number(item?.['_revision']?.N ?? 0);

/** The item is still the one that was read, and shows what the transition table asks for. */
const unchanged = (before: Item | undefined, { partitionKey }: TableShape, condition: Condition | undefined) =>
  before ? all([equals('_revision', revisionOf(before)), ...(condition ? [condition] : [])]) : absent(partitionKey);

const conditioned = (condition: Condition) => ({
  ConditionExpression: condition.expression,
  ...placeholdersOf(condition),
});

const placeholdersOf = ({ names, values }: Condition) => ({
  ExpressionAttributeNames: { ...names },
  ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: { ...values } }),
});

const found = <T>(item: Item | undefined): T | undefined => item && recordOf<T>(item);

/** What stands in the table was written by this adapter, so its shape is the record's. */
const recordOf = <T>(item: Item): T =>
  Object.fromEntries(Object.entries(recordFrom(item)).filter(([name]) => !name.startsWith('_'))) as T;
