import { expect, test } from '@jest/globals';
import { dbmateId, readDbmateFile, standingOf } from '../../../functions/domain/migrations/dbmate.ts';
import type { MigrationFile } from '../../../functions/domain/migrations/migrations.ts';

const readable = (content: string) => {
  const read = readDbmateFile(content);
  if (read.kind === 'unreadable') throw new Error(read.message);
  return read;
};

test('the up section keeps its line numbers and ends where the down section begins', () => {
  const { sql } = readable('-- about this\n\n-- migrate:up\nSELECT 1;\n\n-- migrate:down\nDROP TABLE t;\n');
  expect(sql).toBe('\n\n-- migrate:up\nSELECT 1;\n\n');
});

test.each([
  ['-- migrate:up transaction:false\nSELECT 1;\n-- migrate:down', false],
  ['--migrate:up  foo:bar transaction:false\nSELECT 1;\n-- migrate:down', false],
  ['-- migrate:up transaction:false transaction:true\nSELECT 1;\n-- migrate:down', true],
  ['-- migrate:up\n-- transaction:false\nSELECT 1;\n-- migrate:down', true],
  ['-- migrate:up\r\nSELECT 1;\r\n-- migrate:down\r\n', true],
])('options stand on the line of the mark: %j', (content, transactional) => {
  expect(readable(content).transactional).toBe(transactional);
});

test.each([
  ['-- migrate:up\n-- slipway: after\nSELECT 1;\n-- migrate:down', true],
  ['-- migrate:up\nSELECT 1;\n  --slipway:after  \n-- migrate:down', true],
  ['-- slipway: after\n-- migrate:up\nSELECT 1;\n-- migrate:down', false],
  ['-- migrate:up\nSELECT 1;\n-- migrate:down\n-- slipway: after', false],
  ['-- migrate:up\n-- slipway: afterwards\nSELECT 1;\n-- migrate:down', false],
  ["-- migrate:up\nSELECT '-- slipway: after';\n-- migrate:down", false],
])('the annotation counts in comments of the up section only: %j', (content, after) => {
  expect(readable(content).after).toBe(after);
});

test.each([
  ['SELECT 1;', "has no '-- migrate:up'"],
  ['  -- migrate:up\nSELECT 1;', "has no '-- migrate:up'"],
  ['-- migrate:upwards\nSELECT 1;', "has no '-- migrate:up'"],
  ['-- migrate:down\n-- migrate:up\n', "has '-- migrate:down' before '-- migrate:up'"],
  ['DROP TABLE t;\n-- migrate:up\n-- migrate:down', "has statements before '-- migrate:up'"],
  ['-- migrate:up\nSELECT 1;', "has no '-- migrate:down'"],
])('what dbmate refuses is unreadable: %j', (content, message) => {
  expect(readDbmateFile(content)).toEqual({ kind: 'unreadable', message });
});

test('a file with several up sections is unreadable: dbmate runs them all', () => {
  const content = '-- migrate:up\nSELECT 1;\n-- migrate:down\n-- migrate:up\nDROP TABLE t;\n-- migrate:down\n';
  expect(readDbmateFile(content)).toEqual({ kind: 'unreadable', message: "has more than one '-- migrate:up'" });
});

test.each([
  ['db/migrations/20260101120000_add.sql', '20260101120000'],
  ['1.sql', '1'],
  ['db/migrations/README.md', undefined],
  ['db/migrations/add_1.sql', undefined],
  ['db/2026/x.sql', undefined],
])('the id of %s is %s', (path, id) => {
  expect(dbmateId(path)).toBe(id);
});

const file = (id: string, name = `${id}_x.sql`): MigrationFile => ({
  id,
  path: `db/migrations/${name}`,
  content: '',
  checksum: id,
});
const applied = (...ids: string[]) => ({ ids, dirty: false });

test('pending is what was not applied, in the order of file names', () => {
  const { state, pending, notes } = standingOf([file('3'), file('1'), file('2')], applied('1'));
  expect({ state, ids: pending.map(({ id }) => id), notes }).toEqual({ state: 'clean', ids: ['2', '3'], notes: [] });
});

test('a file older than what was applied runs all the same, and is mentioned', () => {
  const { state, pending, notes } = standingOf([file('1'), file('2'), file('3')], applied('1', '3'));
  expect({ state, ids: pending.map(({ id }) => id) }).toEqual({ state: 'clean', ids: ['2'] });
  expect(notes).toEqual(['Migration 2 runs after newer ones that were applied before it.']);
});

test('an older release meets a newer database: nothing is wrong, and the newer ids are named', () => {
  expect(standingOf([file('8'), file('9')], applied('8', '9', '10', '11'))).toMatchObject({
    state: 'clean',
    pending: [],
    newer: ['10', '11'],
  });
});

test('an applied migration that vanished from the middle is a rewritten history', () => {
  const { state, notes } = standingOf([file('1'), file('3')], applied('1', '2', '3'));
  expect(state).toBe('diverged');
  expect(notes[0]).toMatch(/Migration 2 was applied, but this release has no file for it/);
});

test('a release without any files on a migrated database is a rewritten history, not an old release', () => {
  expect(standingOf([], applied('1'))).toMatchObject({ state: 'diverged', newer: [] });
});

test('two files of one id would both run, and the second would fail', () => {
  const { state, notes } = standingOf([file('1', '1_a.sql'), file('1', '1_b.sql')], applied());
  expect({ state, notes }).toEqual({
    state: 'diverged',
    notes: ['db/migrations/1_b.sql has the id 1 of db/migrations/1_a.sql: give it one of its own.'],
  });
});

test('a half-applied migration makes the database dirty, whatever else is wrong', () => {
  expect(standingOf([file('1')], { ids: ['1', '0'], dirty: true }).state).toBe('dirty');
});
