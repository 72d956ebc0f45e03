import { type Branch, defineBranch } from './define.ts';
import { hostGone, lockTimeout, sidecarUnreachable } from './retries.ts';
import { answering, branchDone, branchFailed, databaseIds, deploymentIds, toOutcome, waiting } from './tasks.ts';

const HOUR = 3600;

/** One iteration per database of the application, all at the same time. */
export const eachDatabase = (ItemProcessor: Branch) => ({
  Type: 'Map' as const,
  ItemsPath: '$.databases',
  ItemSelector: { ...deploymentIds, 'database.$': '$$.Map.Item.Value' },
  MaxConcurrency: 0,
  ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' as const }, ...ItemProcessor },
});

/** What happens to one database, a state each; where it goes next, and where its failure leads, is the graph's to say. */
export const onDatabase = {
  upsert: {
    ...answering('pg-upsert', { ids: databaseIds }),
    Comment: 'Role, database, extensions, logins and their secrets, each made or mended',
    ResultPath: null,
  },
  migrate: {
    ...waiting('pg-migrate', {
      ids: databaseIds,
      timeoutSeconds: 6 * HOUR,
      retry: [lockTimeout, hostGone, sidecarUnreachable],
    }),
    Comment: 'Runs the migration container until it stops; exactly the evaluated set must have been applied',
    ResultPath: null,
  },
  cleanup: {
    ...answering('pg-cleanup', { ids: databaseIds }),
    ...branchDone,
    Comment: 'Everything the migration made belongs to the database role',
  },
};

/** PGMigrate -> PGCleanup of one database, in one mode. */
export const migrateDatabase = (mode: string): Branch => ({
  StartAt: `PGMigrate-${mode}`,
  States: {
    [`PGMigrate-${mode}`]: {
      ...onDatabase.migrate,
      Catch: toOutcome(`DatabaseFailed-${mode}`),
      Next: `PGCleanup-${mode}`,
    },
    [`PGCleanup-${mode}`]: { ...onDatabase.cleanup, Catch: toOutcome(`DatabaseFailed-${mode}`) },
    [`DatabaseFailed-${mode}`]: branchFailed,
  },
});

/** All databases of a mode, as one branch that ends with the worst outcome. */
export const migrateDatabases = (mode: string): Branch =>
  defineBranch({
    StartAt: `Databases-${mode}`,
    States: {
      [`Databases-${mode}`]: {
        ...eachDatabase(migrateDatabase(mode)),
        Comment: 'Every database of the application, side by side',
        End: true,
      },
    },
  });
