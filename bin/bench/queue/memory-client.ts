import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { type TableShape, tables } from '../../../functions/tables.ts';

type Item = Record<string, AttributeValue>;

export interface Counts {
  writes: number;
  /** Conditional writes that came too late: read, decided and sent in vain. */
  refused: number;
}

/**
 * DynamoDB as far as Slipway's stores use it in a queue: consistent reads and single-item conditional writes, each of
 * which takes its time. Of a condition the item's existence and its revision count; the rest follows from the revision.
 */
export const memoryClient = (latency: () => Promise<void>) => {
  const items = new Map<string, Item>();
  const counts: Counts = { writes: 0, refused: 0 };
  const put = ({ TableName = '', Item: item = {}, ...conditions }: PutItemCommandInput) => {
    const place = placeOf(TableName, item);
    const standing = items.get(place);
    if (!holds(conditions, standing)) {
      counts.refused += 1;
      const more = standing && { Item: standing };
      throw new ConditionalCheckFailedException({ $metadata: {}, message: 'The conditional request failed', ...more });
    }
    counts.writes += 1;
    items.set(place, item);
    return {};
  };
  const send = async (command: unknown): Promise<object> => {
    await latency();
    if (command instanceof PutItemCommand) return put(command.input);
    if (!(command instanceof GetItemCommand)) throw new Error('The queue needs no other call');
    const { TableName = '', Key = {} } = command.input;
    const found = items.get(placeOf(TableName, Key));
    return found ? { Item: found } : {};
  };
  // The stores call nothing else of it.
  return { client: { send } as unknown as DynamoDBClient, counts };
};

/** Tables are called by their key in tables.ts. */
const placeOf = (table: string, item: Item): string => {
  const { partitionKey, sortKey }: TableShape = tables[table as keyof typeof tables];
  return JSON.stringify([table, item[partitionKey]?.S, sortKey && item[sortKey]?.S]);
};

const holds = (
  { ConditionExpression = '', ExpressionAttributeValues: values = {} }: Omit<PutItemCommandInput, 'TableName' | 'Item'>,
  standing: Item | undefined,
): boolean => {
  const revision = values[':_revision_0']?.N;
  if (revision !== undefined) return standing?.['_revision']?.N === revision;
  return ConditionExpression === '' || standing === undefined;
};
