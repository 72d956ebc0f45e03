import { toRest, waiting } from '../tasks.ts';

/** What does not serve, and nothing of the version: InfraMigrate alone. */
export const infraOnly = {
  'InfraMigrate-infra-only': {
    ...waiting('infra-migrate'),
    Comment: 'Added and changed resources, but for those that serve; nothing is deleted, no service is made',
    ResultPath: null,
    Catch: toRest,
    Next: 'Done',
  },
} as const;
