import { migrateDatabases } from '../databases.ts';
import { defineBranch } from '../define.ts';
import { anyFailed, branchDone, branchFailed, joined, toOutcome, toRest, waiting } from '../tasks.ts';

/** Nothing serves while infrastructure and data move: ScaleDown -> { InfraMigrate | PGMigrate -> PGCleanup } -> ScaleUp. */
export const downtime = {
  ScaleDown: {
    ...waiting('scale-down'),
    Comment: 'Desired counts to 0; ends when no old task runs and no session of the database role is left',
    ResultPath: null,
    Catch: toRest,
    Next: 'Downtime',
  },
  Downtime: {
    Type: 'Parallel',
    Comment: 'The whole release at count 0, and the migrations, side by side',
    Branches: [
      defineBranch({
        StartAt: 'InfraMigrate-downtime',
        States: {
          'InfraMigrate-downtime': {
            ...waiting('infra-migrate'),
            ...branchDone,
            Comment: 'The whole release, its services at count 0',
            Catch: toOutcome('InfraFailed-downtime'),
          },
          'InfraFailed-downtime': branchFailed,
        },
      }),
      migrateDatabases('downtime'),
    ],
    ResultSelector: anyFailed,
    ResultPath: '$.joined',
    Next: 'DowntimeJoined',
  },
  DowntimeJoined: joined('ScaleUp'),
  ScaleUp: {
    ...waiting('scale-up'),
    Comment: 'The counts as they were before ScaleDown',
    ResultPath: null,
    Catch: toRest,
    Next: 'Done',
  },
} as const;
