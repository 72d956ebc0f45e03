import * as z from 'zod';
import { own, schemaHints } from '../configuration/schema-hints.ts';
import { migrateContainerSchema } from './container.ts';
import { freeNameSchema, partNameSchema } from './name-patterns.ts';

/** Where the migration files of a database lie, so that they can be judged before they run. */
const migrationsSchema = z.strictObject({
  tool: own(
    z.string().min(1).optional(),
    'The tool that they are written for; recognised by its layout when left out.',
  ),
  path: own(
    z
      .string()
      .regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/, 'expected a path inside the repository')
      .optional(),
    'Folder in the repository; the known layouts are tried when left out.',
  ),
});

const postgresSchema = z
  .strictObject({
    dbNameSuffix: freeNameSchema
      .optional()
      .describe(
        "Last part of the real name `{environment}_{application}_{suffix}`; the database's name when left out.",
      ),
    serverGroup: freeNameSchema
      .default('default')
      .describe('Server that holds it: a `serverGroupName` of the cluster.'),
    dbExtensions: z
      .array(z.string().regex(/^[a-zA-Z0-9_-]+$/, 'expected the name of a PostgreSQL extension'))
      .default([])
      .describe('Extensions that it has; one that is added later is made with the next deployment.'),
    migrateContainer: migrateContainerSchema
      .optional()
      .describe(
        'Runs as a task before, beside or after the release; without it nothing is migrated. It has the keys of `runtimes[].containers[]`; its name is `migrate` when left out.',
      ),
    migrations: own(
      migrationsSchema.optional(),
      'Where the migration files lie, so that they can be judged before they run.',
    ),
    runOutbox: z.boolean().default(false).describe('The sidecar sends what stands in the outbox of this database.'),
    outboxDelayable: z.boolean().default(false).describe('Its messages may ask for a delay.'),
  })
  .register(schemaHints, { aliases: { dbName: 'dbNameSuffix' } });

export const databaseSchema = z.strictObject({
  name: partNameSchema.describe('What variables and steps call it.'),
  postgres: postgresSchema.describe('The only kind there is.'),
});

export type Database = z.output<typeof databaseSchema>;
