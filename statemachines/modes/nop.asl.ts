import { toRest, waiting } from '../tasks.ts';

/** Nothing but the version changes. */
export const nop = {
  'VersionMigrate-nop': {
    ...waiting('version-migrate'),
    Comment: 'The complete release; services roll without a gap',
    ResultPath: null,
    Catch: toRest,
    Next: 'Done',
  },
} as const;
