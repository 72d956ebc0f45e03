import { eachDatabase } from '../databases.ts';
import { defineBranch } from '../define.ts';
import {
  answering,
  anyFailed,
  branchDone,
  branchFailed,
  databaseIds,
  joined,
  toOutcome,
  toRest,
  waiting,
} from '../tasks.ts';

const destroy = defineBranch({
  StartAt: 'PGDestroy-destroy-database',
  States: {
    'PGDestroy-destroy-database': {
      ...answering('pg-destroy', { ids: databaseIds }),
      ...branchDone,
      Comment: 'Ends the sessions, drops the database and every role of it, empties its secrets',
      Catch: toOutcome('DatabaseFailed-destroy-database'),
    },
    'DatabaseFailed-destroy-database': branchFailed,
  },
});

/** ScaleDown -> PGDestroy, and everything stays at 0: the next full deployment makes the databases anew. */
export const destroyDatabase = {
  'ScaleDown-destroy-database': {
    ...waiting('scale-down'),
    Comment: 'Desired counts to 0; ends when no task runs any more',
    ResultPath: null,
    Catch: toRest,
    Next: 'Databases-destroy-database',
  },
  'Databases-destroy-database': {
    ...eachDatabase(destroy),
    Comment: 'Every database of the application, side by side',
    ResultSelector: anyFailed,
    ResultPath: '$.joined',
    Next: 'DatabasesJoined-destroy-database',
  },
  'DatabasesJoined-destroy-database': joined('Done'),
} as const;
