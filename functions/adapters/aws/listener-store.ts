import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type ListenerRecord, reservePriorities } from '../../domain/template/rule-priorities.ts';
import type { ListenerStore } from '../../ports.ts';
import { tables } from '../../tables.ts';
import { dynamoTable } from './dynamo-table.ts';

/**
 * Listeners in DynamoDB, an item each. An item takes 400 KB, some 3000 reservations, which is all that the ranges hold; a
 * load balancer takes 100 rules unless AWS was asked for more.
 */
export const dynamoListenerStore = (client: DynamoDBClient, tableName: string): ListenerStore => {
  const table = dynamoTable<ListenerRecord>({ client, name: tableName, shape: tables.LISTENERS_TABLE });
  return {
    find: (listenerArn) => table.find({ listenerArn }),
    reserve: (wish) => table.move({ listenerArn: wish.listenerArn }, (before) => reservePriorities(before, wish)),
  };
};
