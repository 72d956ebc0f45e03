import { expect, test } from '@jest/globals';
import type { Visit } from '../../../bin/bench/virtual/longest-chain.ts';
import type { Operation } from '../../../bin/bench/virtual/operations.ts';
import { waitsOf } from '../../../bin/bench/virtual/waits.ts';

const visit = (state: string, fromMillis: number, toMillis: number, input = '{}'): Visit => ({
  state,
  input,
  fromMillis,
  toMillis,
});

const operation = (kind: Operation['kind'], step: string | undefined, fromMillis: number, toMillis: number) => ({
  kind,
  step,
  fromMillis,
  toMillis,
});

const times = (found: ReturnType<typeof waitsOf>) => found.map(({ fromMillis, toMillis }) => [fromMillis, toMillis]);

test('a step waits for what carries its token, in order, each with the calls it cannot do without', () => {
  const found = waitsOf(visit('ScaleUp', 0, 100), [
    operation('stack operation', 'ScaleUp', 20, 90),
    operation('change set', 'ScaleUp', 5, 15),
    operation('stack operation', 'ScaleDown', 20, 90),
  ]);
  expect(found).toEqual([
    { fromMillis: 5, toMillis: 15, calls: { service: 'cloudformation', count: 2 } },
    { fromMillis: 20, toMillis: 90, calls: { service: 'cloudformation', count: 2 } },
  ]);
});

test('the state of a mode is the step of its word, of the database that its input names', () => {
  const migrate = visit('PGMigrate-before', 0, 100, '{"database":"main"}');
  const found = waitsOf(migrate, [
    operation('task', 'PGMigrate.main', 10, 60),
    operation('task', 'PGMigrate.other', 10, 90),
  ]);
  expect(times(found)).toEqual([[10, 60]]);
});

test('tasks of a service count where the step waits until they are gone, and only for what they take longer', () => {
  const operations = [
    operation('stack operation', 'ScaleDown', 10, 50),
    operation('service task', undefined, 20, 80),
    operation('stack operation', 'VersionMigrate', 10, 50),
  ];
  expect(times(waitsOf(visit('ScaleDown', 0, 100), operations))).toEqual([
    [10, 50],
    [50, 80],
  ]);
  expect(times(waitsOf(visit('VersionMigrate-after', 0, 100), operations)).at(-1)).toEqual([50, 80]);
  expect(times(waitsOf(visit('VersionMigrate-nop', 0, 100), operations))).toEqual([[10, 50]]);
});

test('what went on before the visit or after it is not waited for', () => {
  const operations = [operation('task', 'PGMigrate', 0, 40), operation('task', 'PGMigrate', 90, 140)];
  expect(times(waitsOf(visit('PGMigrate', 50, 100), operations))).toEqual([[90, 100]]);
});
