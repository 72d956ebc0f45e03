import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { moveHead } from '../../domain/target-head.ts';
import type { TargetHead, TargetStore } from '../../ports.ts';
import { tables } from '../../tables.ts';
import { dynamoTable } from './dynamo-table.ts';

/** Heads of the targets in DynamoDB: the last commit accepted of each, and how often it moved. */
export const dynamoTargetStore = (client: DynamoDBClient, tableName: string): TargetStore => {
  const table = dynamoTable<TargetHead>({ client, name: tableName, shape: tables.TARGETS_TABLE });
  return {
    find: (key) => table.find({ _key: key }),
    move: (key, from, to) => table.move({ _key: key }, (before) => moveHead(before, from, to)),
  };
};
