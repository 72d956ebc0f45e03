import { eachDatabase } from './databases.ts';
import { defineBranch } from './define.ts';
import { answering, branchDone, branchFailed, databaseIds, toOutcome } from './tasks.ts';

const evaluateDatabase = defineBranch({
  StartAt: 'PGUpsert',
  States: {
    PGUpsert: {
      ...answering('pg-upsert', { ids: databaseIds }),
      Comment: 'Role, database, extensions, logins and their secrets, each made or mended',
      ResultPath: null,
      Catch: toOutcome('EvaluationFailed'),
      Next: 'PGEval',
    },
    PGEval: {
      ...answering('pg-eval', { ids: databaseIds }),
      Comment: 'What is pending, what it means to the code that runs, what it locks',
      ResultPath: null,
      Catch: toOutcome('EvaluationFailed'),
      Next: 'Evaluated',
    },
    Evaluated: branchDone,
    EvaluationFailed: branchFailed,
  },
});

/** PGUpsert -> PGEval for each database, beside CFPlan. */
export const evaluations = [
  defineBranch({
    StartAt: 'EvaluateDatabases',
    States: {
      EvaluateDatabases: {
        ...eachDatabase(evaluateDatabase),
        Comment: 'Every database of the application, side by side',
        End: true,
      },
    },
  }),
  defineBranch({
    StartAt: 'CFPlan',
    States: {
      CFPlan: {
        ...answering('cf-plan'),
        Comment: 'Makes a change set, reads it, deletes it',
        ResultPath: null,
        Catch: toOutcome('PlanFailed'),
        Next: 'Planned',
      },
      Planned: branchDone,
      PlanFailed: branchFailed,
    },
  }),
];
