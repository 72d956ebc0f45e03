import type { Part, World } from '../part.ts';
import { dynaliteServer } from './dynalite-server.ts';
import { dynamodbService } from './dynamodb-service.ts';
import { finishRebuild } from './rebuild-table.ts';
import { tableResource } from './table-resource.ts';
import { tableTurns } from './table-turns.ts';
import { rebuildsOf } from './tables.ts';

export interface DynamodbOptions {
  /** Where the tables lie; in memory when left out. */
  readonly folder?: string;
}

/** DynamoDB: dynalite behind the front, bound by IAM. */
export const createDynamodb = (world: World, { folder }: DynamodbOptions = {}): Part => {
  const server = dynaliteServer(folder);
  const turns = tableTurns();
  return {
    services: [dynamodbService(world, server, turns)],
    resources: { 'AWS::DynamoDB::Table': tableResource(world, server, turns) },
    start: async () => {
      await server.start();
      const rebuilds = rebuildsOf(world);
      for (const { key } of rebuilds.list()) await finishRebuild(server, rebuilds, key, new AbortController().signal);
    },
    stop: server.stop,
  };
};
