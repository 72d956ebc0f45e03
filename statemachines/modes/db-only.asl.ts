import { eachDatabase, onDatabase } from '../databases.ts';
import { defineBranch } from '../define.ts';
import { answering, anyFailed, branchFailed, databaseIds, joined, toOutcome } from '../tasks.ts';

const evaluateAndMigrate = defineBranch({
  StartAt: 'PGUpsert-db-only',
  States: {
    'PGUpsert-db-only': {
      ...onDatabase.upsert,
      Catch: toOutcome('DatabaseFailed-db-only'),
      Next: 'PGEval-db-only',
    },
    'PGEval-db-only': {
      ...answering('pg-eval', { ids: databaseIds }),
      Comment: 'What is pending and what it means; a database that is not fit to be migrated is refused here',
      ResultPath: null,
      Catch: toOutcome('DatabaseFailed-db-only'),
      Next: 'PGMigrate-db-only',
    },
    'PGMigrate-db-only': {
      ...onDatabase.migrate,
      Catch: toOutcome('DatabaseFailed-db-only'),
      Next: 'PGCleanup-db-only',
    },
    'PGCleanup-db-only': { ...onDatabase.cleanup, Catch: toOutcome('DatabaseFailed-db-only') },
    'DatabaseFailed-db-only': branchFailed,
  },
});

/** The databases alone, beside each other, while what runs goes on: no scaling, no CloudFormation. */
export const dbOnly = {
  'Databases-db-only': {
    ...eachDatabase(evaluateAndMigrate),
    Comment: 'PGUpsert -> PGEval -> PGMigrate -> PGCleanup of every database, side by side',
    ResultSelector: anyFailed,
    ResultPath: '$.joined',
    Next: 'DatabasesJoined-db-only',
  },
  'DatabasesJoined-db-only': joined('Done'),
} as const;
