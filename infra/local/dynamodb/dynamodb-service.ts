import type { World } from '../part.ts';
import {
  type Authorize,
  AwsError,
  awsErrorFrom,
  type Input,
  type WireRequest,
  type WireService,
} from '../wire/service.ts';
import type { DynaliteAnswer, DynaliteServer } from './dynalite-server.ts';
import { withOldItem } from './old-item.ts';
import type { TableTurns } from './table-turns.ts';
import { refuseProtected, type TableRecord, tableArn, tablesOf } from './tables.ts';

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);

/** DynamoDB on the wire: authorises, then lets dynalite answer. */
export const dynamodbService = (world: World, server: DynaliteServer, turns: TableTurns): WireService => {
  const tables = tablesOf(world);
  return {
    scope: 'dynamodb',
    handle: async (request, authorize) => {
      try {
        const operation = operationOf(request);
        const input: Input = request.body.length ? JSON.parse(request.body.toString('utf8')) : {};
        check(world, operation, input, authorize, tables.get(String(input.TableName)));
        const forward = () => server.forward(request.headers, request.body);
        const answer = WRITES.has(operation)
          ? await turns.write(tablesIn(input), async () => withOldItem(server, input, await forward()))
          : await turns.read(tablesIn(input), forward);
        return operation.endsWith('Table') ? withArns(world, answer) : answer;
      } catch (thrown) {
        const { code, message, status } = awsErrorFrom(thrown);
        const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': code };
        return {
          status,
          headers,
          body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message }),
        };
      }
    },
  };
};

const operationOf = ({ headers }: WireRequest): string => (headers['x-amz-target'] ?? '').replace(/^.*\./, '');

const check = (world: World, operation: string, input: Input, authorize: Authorize, table: TableRecord | undefined) => {
  if (operation.startsWith('Transact'))
    throw new AwsError('UnknownOperationException', `${operation}: the embedded cloud has single-item writes only`);
  authorize(`dynamodb:${operation}`, resourcesOf(world, input));
  if (operation === 'DeleteTable') refuseProtected(table);
  if (operation === 'UpdateTable' && input.GlobalSecondaryIndexUpdates)
    throw new AwsError('UnknownOperationException', 'indexes are changed through the template of the table');
};

const tablesIn = ({ TableName, RequestItems }: Input): readonly string[] =>
  TableName ? [String(TableName)] : Object.keys(RequestItems ?? {});

/** The index that is read, else the tables; `*` for what names none. */
const resourcesOf = (world: World, input: Input): readonly string[] => {
  const tables = tablesIn(input).map((name) => tableArn(world, name));
  if (tables.length === 0) return [input.ResourceArn ?? '*'];
  return input.IndexName ? tables.map((table) => `${table}/index/${input.IndexName}`) : tables;
};

/** dynalite makes ARNs of an account of its own. */
const withArns = (world: World, answer: DynaliteAnswer): DynaliteAnswer => {
  const text = answer.body.toString('utf8').replace(/arn:aws:dynamodb:[^:"]*:\d*:table\//g, tableArn(world, ''));
  const { 'x-amz-crc32': checksum, ...headers } = answer.headers;
  return { ...answer, headers, body: Buffer.from(text) };
};
