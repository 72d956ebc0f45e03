import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import { dynamoConfigurationStore } from '../../functions/adapters/aws/configuration-store.ts';
import { dynamoDatabaseStore } from '../../functions/adapters/aws/database-store.ts';
import { s3DocumentStore } from '../../functions/adapters/aws/document-store.ts';
import { dynamoEventStore } from '../../functions/adapters/aws/event-store.ts';
import { dynamoListenerStore } from '../../functions/adapters/aws/listener-store.ts';
import { dynamoTargetStore } from '../../functions/adapters/aws/target-store.ts';
import { createS3 } from '../../infra/local/s3/s3.ts';
import { testWorld } from '../local/test-world.ts';
import { type DynaliteTables, startDynalite } from '../support/dynalite-tables.ts';
import { clientOptions, onWire } from '../support/lone-part.ts';
import {
  memoryConfigurationStore,
  memoryDatabaseStore,
  memoryDocumentStore,
  memoryEventStore,
  memoryListenerStore,
  memoryTargetStore,
} from '../support/memory-stores.ts';
import {
  configurationStoreContract,
  databaseStoreContract,
  documentStoreContract,
  eventStoreContract,
  listenerStoreContract,
  targetStoreContract,
} from './record-stores.contract.ts';

let dynalite: DynaliteTables;
const cleanups: (() => unknown)[] = [];
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(() => dynalite.close());

describe('in memory', () => {
  databaseStoreContract(async () => memoryDatabaseStore());
  targetStoreContract(async () => memoryTargetStore());
  listenerStoreContract(async () => memoryListenerStore());
  configurationStoreContract(async () => memoryConfigurationStore());
  eventStoreContract(async () => memoryEventStore());
  documentStoreContract(async () => memoryDocumentStore());
});

describe('on AWS', () => {
  databaseStoreContract(async () => dynamoDatabaseStore(dynalite.client, await dynalite.create('DATABASES_TABLE')));
  targetStoreContract(async () => dynamoTargetStore(dynalite.client, await dynalite.create('TARGETS_TABLE')));
  listenerStoreContract(async () => dynamoListenerStore(dynalite.client, await dynalite.create('LISTENERS_TABLE')));
  eventStoreContract(async () => dynamoEventStore(dynalite.client, await dynalite.create('EVENTS_TABLE')));
  configurationStoreContract(async () =>
    dynamoConfigurationStore(dynalite.client, {
      environments: await dynalite.create('ENVIRONMENTS_TABLE'),
      clusters: await dynalite.create('CLUSTERS_TABLE'),
      repositories: await dynalite.create('REPOSITORIES_TABLE'),
    }),
  );
  documentStoreContract(async () => {
    const front = await onWire(createS3(testWorld()));
    const client = new S3Client(clientOptions(front));
    cleanups.push(
      () => front.close(),
      () => client.destroy(),
    );
    await client.send(new CreateBucketCommand({ Bucket: 'documents' }));
    return s3DocumentStore(client, { bucket: 'documents', prefix: 'slipway/', region: 'eu-central-1' });
  });
});
