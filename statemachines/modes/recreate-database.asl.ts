import { eachDatabase, onDatabase } from '../databases.ts';
import { defineBranch } from '../define.ts';
import { answering, anyFailed, branchFailed, databaseIds, joined, toOutcome, toRest, waiting } from '../tasks.ts';

const recreate = defineBranch({
  StartAt: 'PGDestroy-recreate-database',
  States: {
    'PGDestroy-recreate-database': {
      ...answering('pg-destroy', { ids: databaseIds }),
      Comment: 'Ends the sessions, drops the database and every role of it, empties its secrets',
      ResultPath: null,
      Catch: toOutcome('DatabaseFailed-recreate-database'),
      Next: 'PGUpsert-recreate-database',
    },
    'PGUpsert-recreate-database': {
      ...onDatabase.upsert,
      Catch: toOutcome('DatabaseFailed-recreate-database'),
      Next: 'PGMigrate-recreate-database',
    },
    'PGMigrate-recreate-database': {
      ...onDatabase.migrate,
      Comment: 'Runs the migration container on the empty database until it stops',
      Catch: toOutcome('DatabaseFailed-recreate-database'),
      Next: 'PGCleanup-recreate-database',
    },
    'PGCleanup-recreate-database': {
      ...onDatabase.cleanup,
      Catch: toOutcome('DatabaseFailed-recreate-database'),
    },
    'DatabaseFailed-recreate-database': branchFailed,
  },
});

/** ScaleDown -> PGDestroy -> PGUpsert -> PGMigrate -> PGCleanup -> ScaleUp: what ran comes back on empty databases. */
export const recreateDatabase = {
  'ScaleDown-recreate-database': {
    ...waiting('scale-down'),
    Comment: 'Desired counts to 0; ends when no task runs any more',
    ResultPath: null,
    Catch: toRest,
    Next: 'Databases-recreate-database',
  },
  'Databases-recreate-database': {
    ...eachDatabase(recreate),
    Comment: 'Every database of the application, side by side',
    ResultSelector: anyFailed,
    ResultPath: '$.joined',
    Next: 'DatabasesJoined-recreate-database',
  },
  'DatabasesJoined-recreate-database': joined('ScaleUp-recreate-database'),
  'ScaleUp-recreate-database': {
    ...waiting('scale-up'),
    Comment: 'The version that ran, with the counts from before',
    ResultPath: null,
    Catch: toRest,
    Next: 'Done',
  },
} as const;
