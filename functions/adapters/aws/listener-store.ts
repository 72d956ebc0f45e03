import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type ListenerRecord, reservePriorities } from '../../domain/template/rule-priorities.ts';
import type { ListenerStore } from '../../ports.ts';
import { tables } from '../../tables.ts';
import { dynamoTable } from './dynamo-table.ts';

/**
 * Listeners in DynamoDB, an item each: 400 KB hold 2000 reservations even with the longest names that CloudFormation
 * takes, while a load balancer takes 100 rules unless AWS was asked for more.
 */
export const dynamoListenerStore = (client: DynamoDBClient, tableName: string): ListenerStore => {
  const table = dynamoTable<ListenerRecord>({ client, name: tableName, shape: tables.LISTENERS_TABLE });
  return {
    find: (listenerArn) => table.find({ listenerArn }),
    reserve: (wish) => table.move({ listenerArn: wish.listenerArn }, (before) => reservePriorities(before, wish)),
  };
};
