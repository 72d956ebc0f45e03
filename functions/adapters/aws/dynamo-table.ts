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
import { type Standing, sightings } from './sightings.ts';

export interface DynamoTable<T> {
  /** Strongly consistent. */
  find(key: Key): Promise<T | undefined>;
  /**
   * Decides, writes on the condition that nothing changed meanwhile and `condition` holds; decides again when somebody
   * was faster. It goes by what was last seen of the item, which costs no read; only a write is ever made on the strength of that:
   * every other decision is taken anew on a fresh read. A decision must know its own effect when it meets it
   * (`repeated`): an answer can be lost.
   */
  move(key: Key, decide: (before: T | undefined) => Written<T>, options?: MoveOptions): Promise<Written<T>>;
  /** Overwrites whatever stands there. */
  put(record: T, key?: Key): Promise<void>;
  query(query: TableQuery): Promise<readonly T[]>;
}

export type Key = Readonly<Record<string, string>>;

export interface MoveOptions {
  /** What the item must show beside being unchanged. */
  readonly condition?: Condition;
  /** The item is most likely not there yet: nothing is read to find out. */
  readonly isNew?: boolean;
}

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

/**
 * The seam to DynamoDB: single-item conditional writes, consistent reads, queries over sparse indexes. What it saw of an
 * item never answers a read: it is only what the next write of the item is tried on.
 */
export const dynamoTable = <T extends object>(options: TableOptions<T>): DynamoTable<T> => {
  const { client, name: TableName, indexed, shape } = options;
  const seen = sightings<T>(shape);

  const toItem = (record: T, key: Key, revision: number): Item =>
    itemFrom({ ...record, ...indexed?.(record), ...key, _revision: revision });

  const read = async (key: Key): Promise<Standing<T>> => {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key: itemFrom(key), ConsistentRead: true }));
    return seen.keep(key, standingOf<T>(Item));
  };

  /** Undefined when the item was written, else what stands there and refused. */
  const write = async (item: Item, key: Key, condition: Condition): Promise<Standing<T> | undefined> => {
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
      return error.Item ? seen.keep(key, standingOf<T>(error.Item)) : read(key);
    }
  };

  /** Decides, and writes what was decided. Answers beside it what refused the write. */
  const attempt = async (
    key: Key,
    decide: (before: T | undefined) => Written<T>,
    before: Standing<T>,
    condition: Condition | undefined,
  ): Promise<{ readonly decision: Written<T>; readonly refusal?: Standing<T> }> => {
    const decision = decide(before.record);
    if (decision.kind !== 'moved') return { decision };
    const revision = before.revision + 1;
    const refusal = await write(toItem(decision.record, key, revision), key, unchanged(before, shape, condition));
    if (refusal) return { decision, refusal };
    seen.keep(key, { record: decision.record, revision });
    return { decision };
  };

  return {
    find: async (key) => (await read(key)).record,
    move: async (key, decide, { condition, isNew = false } = {}) => {
      let before = seen.of(key) ?? (isNew ? NOTHING : undefined);
      let isFresh = false;
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        isFresh ||= before === undefined;
        const { decision, refusal } = await attempt(key, decide, before ?? (await read(key)), condition);
        if (decision.kind === 'moved' ? !refusal : isFresh) return decision;
        isFresh = refusal !== undefined;
        before = refusal;
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
        for (const item of Items) {
          const record = recordOf<T>(item);
          seen.keep(recordFrom(item), { record, revision: revisionOf(item) });
          records.push(record);
        }
        if (records.length >= limit) break;
      }
      return records.slice(0, limit);
    },
  };
};

const NOTHING = { record: undefined, revision: 0 };

const standingOf = <T>(item: Item | undefined): Standing<T> =>
  item ? { record: recordOf<T>(item), revision: revisionOf(item) } : NOTHING;

const revisionOf = (item: Item): number => Number(item['_revision']?.N ?? 0);

/** The item is still the one that was seen, and shows what the transition table asks for. */
const unchanged = (
  { record, revision }: Standing<object>,
  { partitionKey }: TableShape,
  condition: Condition | undefined,
) => (record ? all([equals('_revision', revision), ...(condition ? [condition] : [])]) : absent(partitionKey));

const conditioned = (condition: Condition) => ({
  ConditionExpression: condition.expression,
  ...placeholdersOf(condition),
});

const placeholdersOf = ({ names, values }: Condition) => ({
  ExpressionAttributeNames: { ...names },
  ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: { ...values } }),
});

/** What stands in the table was written by this adapter, so its shape is the record's. */
const recordOf = <T>(item: Item): T =>
  Object.fromEntries(Object.entries(recordFrom(item)).filter(([name]) => !name.startsWith('_'))) as T;
