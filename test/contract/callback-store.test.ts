import { afterAll, beforeAll, describe } from '@jest/globals';
import { dynamoCallbackStore } from '../../functions/adapters/aws/callback-store.ts';
import { type DynaliteTables, startDynalite } from '../support/dynalite-tables.ts';
import { memoryCallbackStore } from '../support/memory-stores.ts';
import { callbackStoreContract } from './callback-store.contract.ts';

let dynalite: DynaliteTables;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.close());

describe('in memory', () => callbackStoreContract(async () => memoryCallbackStore()));

describe('in DynamoDB', () =>
  callbackStoreContract(async () => dynamoCallbackStore(dynalite.client, await dynalite.create('CALLBACKS_TABLE'))));
