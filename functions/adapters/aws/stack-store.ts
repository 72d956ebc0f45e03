import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { isBusy, type Stack } from '../../domain/stack/stack.ts';
import { transition } from '../../domain/stack/transition.ts';
import type { StackStore } from '../../ports.ts';
import { tables } from '../../tables.ts';
import { dynamoTable } from './dynamo-table.ts';
import { stackCondition } from './transition-condition.ts';

/** Stacks in DynamoDB, one item each: status, holder and queue change together or not at all. */
export const dynamoStackStore = (client: DynamoDBClient, tableName: string): StackStore => {
  const table = dynamoTable<Stack>({
    client,
    name: tableName,
    shape: tables.STACKS_TABLE,
    indexed: (stack) => ({ _all: 'stack', _busy: isBusy(stack) ? 'busy' : undefined }),
  });
  return {
    find: (name) => table.find({ name }),
    apply: (name, event, identity) => {
      const decide = (before: Stack | undefined) => {
        const answer = transition(before, event, identity && { name, ...identity });
        return answer.kind === 'refused' ? { ...answer, record: before } : { kind: answer.kind, record: answer.stack };
      };
      return table.move({ name }, decide, { condition: stackCondition(event) });
    },
    listBusy: () => table.query({ index: 'busy', partition: { _busy: 'busy' } }),
    list: () => table.query({ index: 'all', partition: { _all: 'stack' } }),
  };
};
