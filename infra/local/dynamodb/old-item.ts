import type { Input } from '../wire/service.ts';
import type { DynaliteAnswer, DynaliteServer } from './dynalite-server.ts';

/**
 * Adds to a refused write the item that refused it, where the caller asked for it (`ReturnValuesOnConditionCheckFailure`):
 * dynalite leaves it out. Right only while no other write to the table runs in between.
 */
export const withOldItem = async (
  server: DynaliteServer,
  input: Input,
  answer: DynaliteAnswer,
): Promise<DynaliteAnswer> => {
  if (input.ReturnValuesOnConditionCheckFailure !== 'ALL_OLD' || answer.status !== 400) return answer;
  const refusal = JSON.parse(answer.body.toString('utf8'));
  if (!String(refusal.__type).endsWith('#ConditionalCheckFailedException')) return answer;
  const { TableName } = input;
  const Key = input.Key ?? (await keyOf(server, TableName, input.Item));
  const { Item } = await server.call('GetItem', { TableName, Key, ConsistentRead: true });
  // The checksum was that of the shorter body.
  const { 'x-amz-crc32': checksum, ...headers } = answer.headers;
  return { ...answer, headers, body: Buffer.from(JSON.stringify({ ...refusal, Item })) };
};

const keyOf = async (server: DynaliteServer, TableName: string, item: Input): Promise<Input> => {
  const { Table } = await server.call('DescribeTable', { TableName });
  return Object.fromEntries(Table.KeySchema.map(({ AttributeName }: Input) => [AttributeName, item[AttributeName]]));
};
