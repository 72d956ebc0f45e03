import { answering, toRest, waiting } from '../tasks.ts';

/** What an earlier stack left behind belongs to this one: ImportPlan -> Import. */
export const imports = {
  ImportPlan: {
    ...answering('import-plan'),
    Comment: 'Names every retained bucket and secret that is missing, before any change; has the rest checked',
    ResultPath: null,
    Catch: toRest,
    Next: 'Import',
  },
  Import: {
    ...waiting('import'),
    Comment: 'An IMPORT change set of its own: the stack takes them over as they are',
    ResultPath: null,
    Catch: toRest,
    Next: 'Done',
  },
} as const;
