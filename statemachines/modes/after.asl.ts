import { migrateDatabases } from '../databases.ts';
import { anyFailed, joined, toRest, waiting } from '../tasks.ts';

/** The new version first, then what only the old one needed goes: VersionMigrate -> PGMigrate -> PGCleanup. */
export const after = {
  'VersionMigrate-after': {
    ...waiting('version-migrate'),
    Comment: 'The complete release; ends when no old task runs any more',
    ResultPath: null,
    Catch: toRest,
    Next: 'After',
  },
  After: {
    Type: 'Parallel',
    Comment: 'The contracting migrations, now that nothing uses what they remove',
    Branches: [migrateDatabases('after')],
    ResultSelector: anyFailed,
    ResultPath: '$.joined',
    Next: 'AfterJoined',
  },
  AfterJoined: joined('Done'),
} as const;
