import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { itemFrom } from '../../functions/adapters/aws/attribute-value.ts';
import { all, equals } from '../../functions/adapters/aws/condition.ts';
import { dynamoStackStore } from '../../functions/adapters/aws/stack-store.ts';
import { stackCondition } from '../../functions/adapters/aws/transition-condition.ts';
import type { Stack } from '../../functions/domain/stack/stack.ts';
import { type DynaliteTables, startDynalite } from '../support/dynalite-tables.ts';
import { memoryStackStore } from '../support/memory-stores.ts';
import { stackCells } from '../support/stack-matrix.ts';
import { stackStoreContract } from './stack-store.contract.ts';

let dynalite: DynaliteTables;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.close());

const filledTable = async (stacks: readonly Stack[] = []) => {
  const TableName = await dynalite.create('STACKS_TABLE');
  for (const stack of stacks)
    await dynalite.client.send(
      new PutItemCommand({ TableName, Item: itemFrom({ ...stack, _revision: stack.revision }) }),
    );
  return TableName;
};

describe('in memory', () => stackStoreContract(async (stacks) => memoryStackStore(stacks)));

describe('in DynamoDB', () => {
  stackStoreContract(async (stacks) => dynamoStackStore(dynalite.client, await filledTable(stacks)));

  test('the condition alone, without the decision before it, allows exactly the cells of the table', async () => {
    const cells = stackCells().flatMap(({ stack, ...cell }, place) =>
      stack ? [{ ...cell, stack: { ...stack, name: `s${place}` } }] : [],
    );
    const TableName = await filledTable(cells.map(({ stack }) => stack));
    for (const { name, event, stack, to } of cells) {
      const { expression, names, values } = all([stackCondition(event), equals('_revision', stack.revision)]);
      const put = dynalite.client.send(
        new PutItemCommand({
          TableName,
          Item: itemFrom(stack),
          ConditionExpression: expression,
          ExpressionAttributeNames: { ...names },
          ExpressionAttributeValues: { ...values },
        }),
      );
      const outcome = await put.then(
        () => 'written',
        (error: Error) => error.name,
      );
      expect([name, outcome]).toEqual([name, to ? 'written' : 'ConditionalCheckFailedException']);
    }
  });
});
