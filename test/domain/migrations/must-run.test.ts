import { expect, test } from '@jest/globals';
import { readDbmateFile } from '../../../functions/domain/migrations/dbmate.ts';
import { bringsMustRun, mustRunMigrations } from '../../../functions/domain/migrations/must-run.ts';

const file = (id: string, mark = '') => ({
  id,
  path: `db/migrations/${id}_step.sql`,
  content: `-- migrate:up\n${mark}\nSELECT 1;\n\n-- migrate:down\n`,
  checksum: id,
});
const MUST_RUN = '-- slipway: must-run';
const release = (...files: readonly ReturnType<typeof file>[]) => ({
  databases: [{ key: 'main', migrations: { tool: 'dbmate', files } as const }],
});

test.each([
  ['-- slipway: must-run', true],
  ['  --slipway:must-run  ', true],
  ['-- slipway: must-run please', false],
  ["SELECT '-- slipway: must-run';", false],
  ['-- slipway: after', false],
])('the line %j marks a migration: %s', (line, marked) => {
  expect(readDbmateFile(file('1', line).content)).toMatchObject({ kind: 'readable', mustRun: marked });
});

test('the mark counts in the up section only, and in a file that dbmate would run', () => {
  const down = `-- migrate:up\nSELECT 1;\n-- migrate:down\n${MUST_RUN}\n`;
  expect(mustRunMigrations(release({ ...file('1'), content: down }))).toEqual([]);
  expect(mustRunMigrations(release({ ...file('1'), content: MUST_RUN }))).toEqual([]);
});

test('the release that brings a marked migration is the first in line that has it', () => {
  const older = release(file('1', MUST_RUN));
  const bringer = release(file('1', MUST_RUN), file('2', MUST_RUN));
  const later = release(file('1', MUST_RUN), file('2', MUST_RUN), file('3'));
  expect(bringsMustRun(mustRunMigrations(bringer), older)).toBe(true);
  expect(bringsMustRun(mustRunMigrations(later), bringer)).toBe(false);
  expect(bringsMustRun(mustRunMigrations(later), older)).toBe(true);
  expect(bringsMustRun(mustRunMigrations(older), undefined)).toBe(true);
});
