import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { claimDatabase } from '../../domain/database/claim-database.ts';
import type { DatabaseRecord, DatabaseStore } from '../../ports.ts';
import { tables } from '../../tables.ts';
import { dynamoTable } from './dynamo-table.ts';

/** Databases in DynamoDB: who owns which name of an environment, and where its secrets are. */
export const dynamoDatabaseStore = (client: DynamoDBClient, tableName: string): DatabaseStore => {
  const table = dynamoTable<DatabaseRecord>({ client, name: tableName, shape: tables.DATABASES_TABLE });
  return {
    find: (environment, databaseName) => table.find({ environment, databaseName }),
    put: (record) => {
      const { environment, databaseName } = record;
      return table.move({ environment, databaseName }, (before) => claimDatabase(before, record));
    },
  };
};
