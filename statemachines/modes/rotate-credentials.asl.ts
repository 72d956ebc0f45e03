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

const rotate = defineBranch({
  StartAt: 'PGRotate',
  States: {
    PGRotate: {
      ...answering('pg-rotate', { ids: databaseIds }),
      ...branchDone,
      Comment: 'A new login, its password in the secret; the old one still lets the running tasks in',
      Catch: toOutcome('RotationFailed'),
    },
    RotationFailed: branchFailed,
  },
});

const retire = defineBranch({
  StartAt: 'PGRetire',
  States: {
    PGRetire: {
      ...answering('pg-retire', { ids: databaseIds }),
      ...branchDone,
      Comment: 'The old logins cannot log in any more and are dropped; what they own goes to the database role',
      Catch: toOutcome('RetirementFailed'),
    },
    RetirementFailed: branchFailed,
  },
});

/** PGRotate -> Restart -> PGRetire: nobody is shut out before everybody has the new login. */
export const rotateCredentials = {
  Rotation: {
    ...eachDatabase(rotate),
    Comment: 'Every database of the application, side by side',
    ResultSelector: anyFailed,
    ResultPath: '$.joined',
    Next: 'RotationJoined',
  },
  RotationJoined: joined('Restart'),
  Restart: {
    ...waiting('restart'),
    Comment: 'New tasks for every service; ends when no old one is left',
    ResultPath: null,
    Catch: toRest,
    Next: 'Retirement',
  },
  Retirement: {
    ...eachDatabase(retire),
    Comment: 'Every database of the application, side by side',
    ResultSelector: anyFailed,
    ResultPath: '$.joined',
    Next: 'RetirementJoined',
  },
  RetirementJoined: joined('Done'),
} as const;
