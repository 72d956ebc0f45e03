import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { itemFrom } from '../../functions/adapters/aws/attribute-value.ts';
import { dynamoDeploymentStore } from '../../functions/adapters/aws/deployment-store.ts';
import { type DynaliteTables, startDynalite } from '../support/dynalite-tables.ts';
import { memoryDeploymentStore } from '../support/memory-stores.ts';
import { deploymentStoreContract } from './deployment-store.contract.ts';

let dynalite: DynaliteTables;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.close());

describe('in memory', () =>
  deploymentStoreContract(async (clock, deployments) => memoryDeploymentStore(clock, deployments)));

describe('in DynamoDB', () =>
  deploymentStoreContract(async (clock, deployments = []) => {
    const TableName = await dynalite.create('DEPLOYMENTS_TABLE');
    for (const deployment of deployments)
      await dynalite.client.send(new PutItemCommand({ TableName, Item: itemFrom({ ...deployment, _revision: 1 }) }));
    return dynamoDeploymentStore(dynalite.client, TableName, clock);
  }));
