import { migrateDatabases } from '../databases.ts';
import { defineBranch } from '../define.ts';
import { anyFailed, branchDone, branchFailed, joined, toOutcome, toRest, waiting } from '../tasks.ts';

/** The old version keeps serving while both sides expand: { InfraMigrate | PGMigrate -> PGCleanup } -> VersionMigrate. */
export const before = {
  Before: {
    Type: 'Parallel',
    Comment: 'Additions to the infrastructure and to the databases, side by side; what serves stays as it is',
    Branches: [
      defineBranch({
        StartAt: 'InfraMigrate-before',
        States: {
          'InfraMigrate-before': {
            ...waiting('infra-migrate'),
            ...branchDone,
            Comment: 'Added and changed resources, but for those that serve; nothing is deleted',
            Catch: toOutcome('InfraFailed-before'),
          },
          'InfraFailed-before': branchFailed,
        },
      }),
      migrateDatabases('before'),
    ],
    ResultSelector: anyFailed,
    ResultPath: '$.joined',
    Next: 'BeforeJoined',
  },
  BeforeJoined: joined('VersionMigrate-before'),
  'VersionMigrate-before': {
    ...waiting('version-migrate'),
    Comment: 'The complete release: the new version, and whatever InfraMigrate left, deletions included',
    ResultPath: null,
    Catch: toRest,
    Next: 'Done',
  },
} as const;
