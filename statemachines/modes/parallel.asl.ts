import { migrateDatabases } from '../databases.ts';
import { defineBranch } from '../define.ts';
import { anyFailed, branchDone, branchFailed, joined, toOutcome, waiting } from '../tasks.ts';

/** Neither side needs the other: { CFUpsert | PGMigrate -> PGCleanup }. Mode PARALLEL and the quick strategy share it. */
export const sideBySide = (mode: string, databases = migrateDatabases(mode)) => [
  defineBranch({
    StartAt: `CFUpsert-${mode}`,
    States: {
      [`CFUpsert-${mode}`]: {
        ...waiting('cf-upsert'),
        ...branchDone,
        Comment: 'The complete release in one update',
        Catch: toOutcome(`CFFailed-${mode}`),
      },
      [`CFFailed-${mode}`]: branchFailed,
    },
  }),
  databases,
];

export const parallel = {
  Parallel: {
    Type: 'Parallel',
    Comment: 'The complete release and the migrations, side by side',
    Branches: sideBySide('parallel'),
    ResultSelector: anyFailed,
    ResultPath: '$.joined',
    Next: 'ParallelJoined',
  },
  ParallelJoined: joined('Done'),
} as const;
