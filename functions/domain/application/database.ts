import * as z from 'zod';
import { schemaHints } from '../configuration/schema-hints.ts';
import { migrateContainerSchema } from './container.ts';
import { freeNameSchema, partNameSchema } from './name-patterns.ts';

/** Slipway's own key: where the migration files of a database lie, so that they can be judged before they run. */
const migrationsSchema = z.strictObject({
  tool: z.string().min(1).optional(),
  path: z
    .string()
    .regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/, 'expected a path inside the repository')
    .optional(),
});

const postgresSchema = z
  .strictObject({
    /** Last part of the real database name; the database's name when it is left out. */
    dbNameSuffix: freeNameSchema.optional(),
    serverGroup: freeNameSchema.default('default'),
    dbExtensions: z
      .array(z.string().regex(/^[a-zA-Z0-9_-]+$/, 'expected the name of a PostgreSQL extension'))
      .default([]),
    migrateContainer: migrateContainerSchema.optional(),
    migrations: migrationsSchema.optional(),
    runOutbox: z.boolean().default(false),
    outboxDelayable: z.boolean().default(false),
  })
  .register(schemaHints, { aliases: { dbName: 'dbNameSuffix' } });

export const databaseSchema = z.strictObject({ name: partNameSchema, postgres: postgresSchema });

export type Database = z.output<typeof databaseSchema>;
