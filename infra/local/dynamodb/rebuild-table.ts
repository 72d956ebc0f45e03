import type { Table } from '../store.ts';
import { AwsError, type Input } from '../wire/service.ts';
import type { DynaliteServer } from './dynalite-server.ts';
import { createTable, deleteTable } from './table-life.ts';

/** What a table is to become, and all it held: on disk before the old one goes. */
export interface Rebuild {
  readonly input: Input;
  readonly items: readonly Input[];
}

const BATCH = 25;

/**
 * Makes a table anew with other indexes and the same items: dynalite accepts index changes of UpdateTable and ignores them.
 * Nothing else may touch the table meanwhile. Interrupted, it is finished by `finishRebuild` at the next start.
 */
export const rebuildTable = async (
  server: DynaliteServer,
  journal: Table<Rebuild>,
  input: Input,
  signal: AbortSignal,
): Promise<void> => {
  const items = await allItems(server, input.TableName);
  refuseMistyped(input, items);
  await refuseInvalid(server, input, signal);
  journal.put(input.TableName, { input, items });
  await finishRebuild(server, journal, input.TableName, signal);
};

export const finishRebuild = async (
  server: DynaliteServer,
  journal: Table<Rebuild>,
  TableName: string,
  signal: AbortSignal,
): Promise<void> => {
  const rebuild = journal.get(TableName);
  if (!rebuild) return;
  await deleteTable(server, TableName, signal);
  await createTable(server, rebuild.input, signal);
  for (let at = 0; at < rebuild.items.length; at += BATCH) {
    const puts = rebuild.items.slice(at, at + BATCH).map((Item) => ({ PutRequest: { Item } }));
    await server.call('BatchWriteItem', { RequestItems: { [TableName]: puts } });
  }
  journal.delete(TableName);
};

const allItems = async (server: DynaliteServer, TableName: string): Promise<Input[]> => {
  const items: Input[] = [];
  let page: Input = {};
  do {
    const from = page.LastEvaluatedKey && { ExclusiveStartKey: page.LastEvaluatedKey };
    page = await server.call('Scan', { TableName, ConsistentRead: true, ...from });
    items.push(...page.Items);
  } while (page.LastEvaluatedKey);
  return items;
};

/** Finds out what dynalite would refuse before anything is deleted. */
const refuseInvalid = async (server: DynaliteServer, input: Input, signal: AbortSignal): Promise<void> => {
  const TableName = 'rebuild-trial';
  await deleteTable(server, TableName, signal);
  await createTable(server, { ...input, TableName }, signal);
  await deleteTable(server, TableName, signal);
};

/** AWS leaves an item whose key has another type out of the index; dynalite would refuse the item itself. */
const refuseMistyped = ({ TableName, AttributeDefinitions }: Input, items: readonly Input[]): void => {
  for (const { AttributeName, AttributeType } of AttributeDefinitions as Input[]) {
    const wrong = items.find((item) => item[AttributeName] !== undefined && !(AttributeType in item[AttributeName]));
    if (wrong)
      throw new AwsError(
        'ValidationException',
        `${TableName} holds an item whose ${AttributeName} is not of type ${AttributeType}; its indexes were not changed. Correct the item first: ${JSON.stringify(wrong)}`,
      );
  }
};
