import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoConfigurationStore } from '../../../functions/adapters/aws/configuration-store.ts';
import { dynamoDeploymentStore } from '../../../functions/adapters/aws/deployment-store.ts';
import { dynamoEventStore } from '../../../functions/adapters/aws/event-store.ts';
import { dynamoStackStore } from '../../../functions/adapters/aws/stack-store.ts';
import { dynamoTargetStore } from '../../../functions/adapters/aws/target-store.ts';
import type { Release } from '../../../functions/domain/release.ts';
import type { AcceptPorts } from '../../../functions/operations/accept-deployment.ts';
import type { settleDeployment } from '../../../functions/operations/settle-deployment.ts';
import type { Clock, DocumentStore, Machines, Ports, SourceReader } from '../../../functions/ports.ts';
import { sha256 } from '../../sha256.ts';

export type QueuePorts = AcceptPorts & Parameters<typeof settleDeployment>[0];

export interface QueueWorld {
  readonly client: DynamoDBClient;
  readonly clock: Clock;
  readonly start: Machines['start'];
  /** The newest commit of a repository. */
  readonly head: (repositoryId: string) => string;
}

/** Commits are called `{stack}-{number}`; every stack is an application of its own in a repository of its own. */
export const placeOf = (commit: string): readonly [stack: number, n: number] => {
  const [stack = 0, n = 0] = commit.split('-').map(Number);
  return [stack, n];
};

export const stackNameOf = (stack: number): string => `prod-app${stack}`;

/** What accepting, dispatching and settling need: Slipway's own stores, and of the rest no more than is asked for. */
export const queuePorts = ({ client, clock, start, head }: QueueWorld): QueuePorts => ({
  clock,
  hash: sha256,
  log: { info: none, error: (event, fields) => fail(`${event} ${JSON.stringify(fields)}`), count: none, measure: none },
  stacks: dynamoStackStore(client, 'STACKS_TABLE'),
  deployments: dynamoDeploymentStore(client, 'DEPLOYMENTS_TABLE', clock),
  targets: dynamoTargetStore(client, 'TARGETS_TABLE'),
  events: dynamoEventStore(client, 'EVENTS_TABLE'),
  configuration: dynamoConfigurationStore(client, {
    environments: 'ENVIRONMENTS_TABLE',
    clusters: 'CLUSTERS_TABLE',
    repositories: 'REPOSITORIES_TABLE',
  }),
  documents,
  source: { ...unread, head: async ({ id }) => head(id), compare: async () => 'behind' },
  machines: { ...unwatched, start },
  reporter: silent,
});

const none = () => {};

const fail = (what: string): never => {
  throw new Error(`The queue does not need this: ${what}`);
};

const documents: DocumentStore = {
  put: async (key) => fail(key),
  url: (key) => fail(key),
  find: async <T>(key: string) => {
    const [commit = ''] = /\d+-\d+/.exec(key) ?? [];
    return releaseOf(commit) as T;
  },
};

const releaseOf = (commit: string): Release => ({
  hash: commit,
  stackName: stackNameOf(placeOf(commit)[0]),
  environment: 'prod',
  application: `app${placeOf(commit)[0]}`,
  version: commit,
  template: { Resources: {} },
  parameters: [],
  databases: [],
  images: {},
  quickMode: false,
});

const unread: Omit<SourceReader, 'head' | 'compare'> = {
  findFile: async () => fail('findFile'),
  readFolder: async () => fail('readFolder'),
  listFolder: async () => fail('listFolder'),
};

const unwatched: Omit<Machines, 'start'> = {
  find: async () => fail('find'),
  listFailedRequests: async () => fail('listFailedRequests'),
  inputOf: async () => fail('inputOf'),
  succeed: async () => fail('succeed'),
  fail: async () => fail('fail'),
};

const silent: Ports['reporter'] = {
  check: async () => 1,
  deployment: async () => 1,
  deploymentStatus: async () => undefined,
};
