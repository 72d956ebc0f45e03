import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { dynamoCallbackStore } from '../../adapters/aws/callback-store.ts';
import { dynamoConfigurationStore } from '../../adapters/aws/configuration-store.ts';
import { dynamoDatabaseStore } from '../../adapters/aws/database-store.ts';
import { dynamoDeploymentStore } from '../../adapters/aws/deployment-store.ts';
import { s3DocumentStore } from '../../adapters/aws/document-store.ts';
import { dynamoEventStore } from '../../adapters/aws/event-store.ts';
import { dynamoListenerStore } from '../../adapters/aws/listener-store.ts';
import { rememberedDocuments } from '../../adapters/aws/remembered-documents.ts';
import { dynamoStackStore } from '../../adapters/aws/stack-store.ts';
import { dynamoTargetStore } from '../../adapters/aws/target-store.ts';
import { requiredVariables } from '../environment.ts';
import type { Factories } from '../step.ts';
import type { World } from '../world.ts';
import { basics } from './basics.ts';

type Records =
  | 'stacks'
  | 'deployments'
  | 'callbacks'
  | 'databases'
  | 'configuration'
  | 'targets'
  | 'listeners'
  | 'events'
  | 'documents';

/** One client per function instance, whatever the number of its tables and calls. */
const clients = new WeakMap<World, DynamoDBClient>();

const clientOf = (world: World): DynamoDBClient => {
  const client = clients.get(world) ?? new DynamoDBClient(world.aws);
  clients.set(world, client);
  return client;
};

const variable = <const Key extends string>({ environment }: World, key: Key): string =>
  requiredVariables(environment, [key])[key];

/** Nobody's table: whoever comes to need it is told so by IAM. */
const NOT_GRANTED = 'not-granted';

/** Everything that Slipway remembers, a table each, and the documents. */
export const records = {
  ...basics,
  stacks: (world) => dynamoStackStore(clientOf(world), variable(world, 'STACKS_TABLE')),
  deployments: (world) => dynamoDeploymentStore(clientOf(world), variable(world, 'DEPLOYMENTS_TABLE'), world.clock),
  callbacks: (world) => dynamoCallbackStore(clientOf(world), variable(world, 'CALLBACKS_TABLE')),
  databases: (world) => dynamoDatabaseStore(clientOf(world), variable(world, 'DATABASES_TABLE')),
  // A function that reads one kind of configuration need not read the others; a name is needed all the same.
  configuration: (world) =>
    dynamoConfigurationStore(clientOf(world), {
      environments: world.environment['ENVIRONMENTS_TABLE'] ?? NOT_GRANTED,
      clusters: world.environment['CLUSTERS_TABLE'] ?? NOT_GRANTED,
      repositories: world.environment['REPOSITORIES_TABLE'] ?? NOT_GRANTED,
    }),
  targets: (world) => dynamoTargetStore(clientOf(world), variable(world, 'TARGETS_TABLE')),
  listeners: (world) => dynamoListenerStore(clientOf(world), variable(world, 'LISTENERS_TABLE')),
  events: (world) => dynamoEventStore(clientOf(world), variable(world, 'EVENTS_TABLE')),
  documents: (world) =>
    rememberedDocuments(
      s3DocumentStore(new S3Client(world.aws), {
        bucket: variable(world, 'DOCUMENTS_BUCKET'),
        region: world.aws.region ?? world.environment['AWS_REGION'] ?? '',
      }),
    ),
} satisfies Factories<Records> & typeof basics;
