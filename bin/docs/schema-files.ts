import { applicationSchema } from '../../functions/domain/application/application.ts';
import { clusterSchema } from '../../functions/domain/environment/cluster.ts';
import { combinedSchema } from '../../functions/domain/environment/combined.ts';
import { environmentSchema } from '../../functions/domain/environment/environment.ts';
import { repositorySchema } from '../../functions/domain/environment/repository.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { keyTable } from './key-table.ts';
import type { Pieces } from './rewrite.ts';

/** What each kind of file is called by editors. */
const described = {
  application: { schema: applicationSchema, title: 'An application of Slipway' },
  environment: { schema: environmentSchema, title: 'An environment of Slipway' },
  cluster: { schema: clusterSchema, title: 'A cluster of Slipway' },
  configuration: { schema: combinedSchema, title: 'A cluster, its environments and repositories of Slipway' },
} as const;

/** JSON Schema files for editors: text by path. */
export const schemaFiles = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(described).map(([name, { schema, title }]) => {
      const { $schema, ...rest } = { $schema: 'http://json-schema.org/draft-07/schema#', ...jsonSchemaOf(schema) };
      return [`docs/schemas/${name}.schema.json`, `${JSON.stringify({ $schema, title, ...rest }, undefined, 2)}\n`];
    }),
  );

/** Every key of every kind of file. */
export const keyTables: Pieces = {
  'application-keys': () => keyTable(jsonSchemaOf(applicationSchema), 'databases[].postgres.migrateContainer'),
  'cluster-keys': () => keyTable(jsonSchemaOf(clusterSchema)),
  'environment-keys': () => keyTable(jsonSchemaOf(environmentSchema)),
  'repository-keys': () => keyTable(jsonSchemaOf(repositorySchema)),
};
