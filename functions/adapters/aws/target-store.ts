import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DeliveryLook } from '../../domain/failed-delivery.ts';
import { type AcceptedCommit, moveAccepted, type PushRequest } from '../../domain/lost-push.ts';
import { moveHead } from '../../domain/target-head.ts';
import type { TargetHead, TargetStore } from '../../ports.ts';
import { tables } from '../../tables.ts';
import { dynamoTable } from './dynamo-table.ts';

/**
 * Heads of the targets in DynamoDB: the last commit accepted of each, and how often it moved; beside them what is known
 * of pushes that got lost. Every kind of record has keys that no other kind has.
 */
export const dynamoTargetStore = (client: DynamoDBClient, tableName: string): TargetStore => {
  const place = { client, name: tableName, shape: tables.TARGETS_TABLE };
  const heads = dynamoTable<TargetHead>(place);
  const accepted = dynamoTable<AcceptedCommit>(place);
  const requests = dynamoTable<PushRequest>(place);
  const looks = dynamoTable<DeliveryLook>(place);
  return {
    find: (key) => heads.find({ _key: key }),
    move: (key, from, to) => heads.move({ _key: key }, (before) => moveHead(before, from, to)),
    findAccepted: (key) => accepted.find({ _key: key }),
    accept: (key, commit) => accepted.move({ _key: key }, (before) => moveAccepted(before, commit)),
    findRequest: (key) => requests.find({ _key: key }),
    putRequest: (key, request) => requests.put(request, { _key: key }),
    findLook: () => looks.find(deliveries),
    putLook: (look) => looks.put(look, deliveries),
  };
};

const deliveries = { _key: 'deliveries' };
