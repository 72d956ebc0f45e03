import { eachDatabase, onDatabase } from '../databases.ts';
import { defineBranch } from '../define.ts';
import { anyFailed, branchFailed, joined, toOutcome } from '../tasks.ts';
import { sideBySide } from './parallel.asl.ts';

const upsertAndMigrate = defineBranch({
  StartAt: 'PGUpsert-quick',
  States: {
    'PGUpsert-quick': {
      ...onDatabase.upsert,
      Catch: toOutcome('DatabaseFailed-quick'),
      Next: 'PGMigrate-quick',
    },
    'PGMigrate-quick': {
      ...onDatabase.migrate,
      Comment: 'Runs the migration container until it stops, without an evaluation',
      Catch: toOutcome('DatabaseFailed-quick'),
      Next: 'PGCleanup-quick',
    },
    'PGCleanup-quick': { ...onDatabase.cleanup, Catch: toOutcome('DatabaseFailed-quick') },
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
