import { eachDatabase, onDatabase } from './databases.ts';
import { defineBranch } from './define.ts';
import { answering, branchDone, branchFailed, databaseIds, toOutcome } from './tasks.ts';

const evaluateDatabase = defineBranch({
  StartAt: 'PGUpsert',
  States: {
    PGUpsert: {
      ...onDatabase.upsert,
      Catch: toOutcome('EvaluationFailed'),
      Next: 'PGEval',
    },
    PGEval: {
      ...answering('pg-eval', { ids: databaseIds }),
      ...branchDone,
      Comment: 'What is pending, what it means to the code that runs, what it locks',
      Catch: toOutcome('EvaluationFailed'),
    },
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
        ...branchDone,
        Comment: 'Makes a change set, reads it, deletes it',
        Catch: toOutcome('PlanFailed'),
      },
      PlanFailed: branchFailed,
    },
  }),
];
