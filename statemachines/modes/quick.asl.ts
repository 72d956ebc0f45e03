import { eachDatabase } from '../databases.ts';
import { defineBranch } from '../define.ts';
import { hostGone, lockTimeout } from '../retries.ts';
import { answering, anyFailed, branchDone, branchFailed, databaseIds, joined, toOutcome, waiting } from '../tasks.ts';
import { sideBySide } from './parallel.asl.ts';

const HOUR = 3600;

const upsertAndMigrate = defineBranch({
  StartAt: 'PGUpsert-quick',
  States: {
    'PGUpsert-quick': {
      ...answering('pg-upsert', { ids: databaseIds }),
      Comment: 'Role, database, extensions, logins and their secrets, each made or mended',
      ResultPath: null,
      Catch: toOutcome('DatabaseFailed-quick'),
      Next: 'PGMigrate-quick',
    },
    'PGMigrate-quick': {
      ...waiting('pg-migrate', { ids: databaseIds, timeoutSeconds: 6 * HOUR, retry: [lockTimeout, hostGone] }),
      Comment: 'Runs the migration container until it stops, without an evaluation',
      ResultPath: null,
      Catch: toOutcome('DatabaseFailed-quick'),
      Next: 'PGCleanup-quick',
    },
    'PGCleanup-quick': {
      ...answering('pg-cleanup', { ids: databaseIds }),
      ...branchDone,
      Comment: 'Everything the migration made belongs to the database role',
      Catch: toOutcome('DatabaseFailed-quick'),
    },
    'DatabaseFailed-quick': branchFailed,
  },
});

/** Everything at once and unevaluated, because the application or the operator asked for it. */
export const quick = {
  Quick: {
    Type: 'Parallel',
    Comment: 'CFUpsert beside PGUpsert -> PGMigrate -> PGCleanup, without evaluation',
    Branches: sideBySide(
      'quick',
      defineBranch({
        StartAt: 'Databases-quick',
        States: {
          'Databases-quick': {
            ...eachDatabase(upsertAndMigrate),
            Comment: 'Every database of the application, side by side',
            End: true,
          },
        },
      }),
    ),
    ResultSelector: anyFailed,
    ResultPath: '$.joined',
    Next: 'QuickJoined',
  },
  QuickJoined: joined('Done'),
} as const;
