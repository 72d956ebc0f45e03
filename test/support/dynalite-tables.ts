import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { type TableShape, tables } from '../../functions/tables.ts';

export interface DynaliteTables {
  readonly client: DynamoDBClient;
  /** Makes an empty table of a shape, and tells its name. */
  create(key: keyof typeof tables): Promise<string>;
  close(): Promise<void>;
}

/** DynamoDB in this process; its refusals carry no old item, so the adapters' second read is what gets tested. */
export const startDynalite = async (): Promise<DynaliteTables> => {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  let made = 0;
  return {
    client,
    create: async (key) => {
      const TableName = `${key}-${++made}`;
      await client.send(new CreateTableCommand({ TableName, ...definitionOf(tables[key]) }));
      while (!(await isActive(client, TableName)));
      return TableName;
    },
    close: async () => {
      client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const isActive = async (client: DynamoDBClient, TableName: string) =>
  (await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus === 'ACTIVE';

const definitionOf = ({ partitionKey, sortKey, indexes }: TableShape) => {
  const keys = [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])];
  return {
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: [...new Set(keys)].flatMap((AttributeName) =>
      AttributeName ? [{ AttributeName, AttributeType: 'S' as const }] : [],
    ),
    KeySchema: keySchema(partitionKey, sortKey),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: keySchema(index.partitionKey, index.sortKey),
        Projection: { ProjectionType: 'ALL' as const },
      })),
    }),
  };
};

const keySchema = (partitionKey: string, sortKey: string | undefined) => [
  { AttributeName: partitionKey, KeyType: 'HASH' as const },
  ...(sortKey ? [{ AttributeName: sortKey, KeyType: 'RANGE' as const }] : []),
];
