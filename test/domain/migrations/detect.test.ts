import { expect, test } from '@jest/globals';
import { detectMigrations } from '../../../functions/domain/migrations/detect.ts';

test("files in dbmate's own folder are dbmate's", () => {
  expect(detectMigrations('main', undefined, { 'db/migrations': ['20260101_x.sql', 'README.md'] })).toEqual({
    tool: 'dbmate',
    path: 'db/migrations',
  });
});

test('configuration wins over what is found', () => {
  const folders = { 'db/migrations': ['1_x.sql'] };
  expect(detectMigrations('main', { tool: 'dbmate', path: 'sql' }, folders)).toEqual({ tool: 'dbmate', path: 'sql' });
  expect(detectMigrations('main', { path: 'sql' }, folders)).toEqual({ tool: 'dbmate', path: 'sql' });
  expect(detectMigrations('main', { tool: 'flyway', path: 'sql' }, folders)).toMatchObject({
    tool: 'unknown',
    path: 'sql',
  });
});

test.each([
  [{}, 'no migration files in a known place'],
  [{ 'prisma/migrations': ['migration_lock.toml'] }, 'files of prisma in prisma/migrations'],
  [{ migrations: ['000001_x.up.sql'] }, 'files of goose or golang-migrate in migrations'],
  [{ drizzle: ['meta', '0000_x.sql'] }, 'files of drizzle-kit in drizzle'],
])('anything else is unknown, and the hint names the line to write: %j', (folders, seen) => {
  const { tool, hint } = detectMigrations('main', undefined, folders);
  expect(tool).toBe('unknown');
  expect(hint).toContain(seen);
  expect(hint).toContain('`migrations: { tool: dbmate, path: db/migrations }`');
});
