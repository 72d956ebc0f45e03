import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type MigrationState, wayBackFrom } from '../../../functions/domain/plan/way-back.ts';

const states: readonly MigrationState['state'][] = ['untouched', 'applied', 'partial', 'dirty', 'unknown'];
const migration = (state: MigrationState['state'], database = 'main'): MigrationState => ({ database, state });
const sentences: Readonly<Record<string, string>> = {
  applied: 'Database main has the new schema',
  partial: 'Database main has some of the migrations of this release and lacks others',
  dirty: 'Database main is dirty: a migration stopped half way',
  unknown: 'Database main could not be asked where it stands',
};

test('what ran comes back when the databases are as they were', () => {
  const found = { scaledDown: true, rollbackFailed: false };
  expect(wayBackFrom({ ...found, migrations: [] })).toEqual({ kind: 'scale-up' });
  expect(wayBackFrom({ ...found, migrations: [migration('untouched')] })).toEqual({ kind: 'scale-up' });
});

test.each(states.slice(1))('a database that is %s keeps the services down, and says so', (state) => {
  expect(
    wayBackFrom({
      scaledDown: true,
      rollbackFailed: false,
      migrations: [migration('untouched', 'other'), migration(state)],
    }),
  ).toEqual({ kind: 'stay-down', left: ['The services are scaled down to 0', sentences[state]] });
});

test.each(states.slice(1))('where nothing was scaled down a database that is %s is only told', (state) => {
  expect(wayBackFrom({ scaledDown: false, rollbackFailed: false, migrations: [migration(state)] })).toEqual({
    kind: 'nothing',
    left: [sentences[state]],
  });
});

test('nothing is left where nothing was touched', () => {
  const found = { scaledDown: false, rollbackFailed: false, migrations: [migration('untouched')] };
  expect(wayBackFrom(found)).toEqual({ kind: 'nothing', left: [] });
});

test('where somebody deleted the stack nothing can come back', () => {
  const found = { scaledDown: true, rollbackFailed: false, gone: true };
  expect(wayBackFrom({ ...found, migrations: [migration('untouched')] })).toEqual({
    kind: 'nothing',
    left: ['The stack is gone, and its services with it'],
  });
  expect(wayBackFrom({ ...found, migrations: [migration('applied')] }).kind).toBe('nothing');
});

test('a rollback that failed is continued, whatever else is true', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(fc.constantFrom(...states)), (scaledDown, found) => {
      const migrations = found.map((state) => migration(state));
      expect(wayBackFrom({ scaledDown, rollbackFailed: true, migrations })).toEqual({ kind: 'continue-rollback' });
    }),
  );
});

test('services never come back onto a database that may not fit them', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.boolean(),
      fc.array(fc.constantFrom(...states)),
      (scaledDown, rollbackFailed, found) => {
        const { kind } = wayBackFrom({
          scaledDown,
          rollbackFailed,
          migrations: found.map((state) => migration(state)),
        });
        if (kind === 'scale-up') expect(found.every((state) => state === 'untouched')).toBe(true);
      },
    ),
  );
});

test('what was down before stays down, and needs nobody who was not needed before', () => {
  const migrations = [{ database: 'main', state: 'untouched' }] as const;
  const found = { scaledDown: true, rollbackFailed: false, migrations };
  expect(wayBackFrom({ ...found, downBefore: true })).toEqual({
    kind: 'nothing',
    left: ['The services were scaled down to 0 before this deployment, and still are'],
  });
  expect(wayBackFrom({ ...found, downBefore: false })).toEqual({ kind: 'scale-up' });
});

test.each([true, false])('a destroyed database is never as it was: services that are down stay so', (downBefore) => {
  const migrations = [
    { database: 'main', state: 'untouched' },
    { database: 'other', state: 'destroyed' },
  ] as const;
  expect(wayBackFrom({ scaledDown: true, rollbackFailed: false, migrations, downBefore })).toEqual({
    kind: 'stay-down',
    left: ['The services are scaled down to 0', 'Database other is destroyed, or may be: its data is gone'],
  });
});
