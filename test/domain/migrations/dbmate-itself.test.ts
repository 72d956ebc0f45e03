import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { readDbmateFile } from '../../../functions/domain/migrations/dbmate.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

// What dbmate itself makes of files: Slipway judges what it reads, so it has to read what dbmate runs.

let postgres: TestPostgres;
let client: Client;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dbmate-'));
  mkdirSync(join(folder, 'db/migrations'), { recursive: true });
  postgres = await startTestPostgres();
  client = new Client({ connectionString: postgres.superuserUrl });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

/** Runs one file on a database without version table, and says whether dbmate was content. */
const dbmateRuns = async (content: string): Promise<boolean> => {
  await client.query('DROP TABLE IF EXISTS schema_migrations, made');
  writeFileSync(join(folder, 'db/migrations/1_x.sql'), content);
  const { status } = spawnSync(resolve('node_modules/.bin/dbmate'), ['--no-dump-schema', 'up'], {
    cwd: folder,
    env: { ...process.env, DATABASE_URL: `${postgres.superuserUrl}?sslmode=disable` },
  });
  return status === 0;
};

const exists = async (table: string) =>
  (await client.query('SELECT to_regclass($1) IS NOT NULL AS found', [table])).rows[0]?.found === true;

test.each([
  ['-- migrate:up\nCREATE TABLE made ();\n-- migrate:down\n'],
  ['\n-- about\n--migrate:up transaction:false\r\nCREATE TABLE made ();\r\n--migrate:down'],
  ['-- migrate:up\nCREATE TABLE made ();\n'],
  ['CREATE TABLE made ();\n-- migrate:up\n-- migrate:down\n'],
  ['-- migrate:down\n-- migrate:up\nCREATE TABLE made ();\n'],
  ['-- migrate:upwards\nCREATE TABLE made ();\n-- migrate:down\n'],
])('Slipway reads what dbmate runs, and nothing else: %j', async (content) => {
  expect(readDbmateFile(content).kind === 'readable').toBe(await dbmateRuns(content));
});

test('a file of transaction:false is one message, and so one transaction: what follows holds its locks', async () => {
  expect(
    await dbmateRuns('-- migrate:up transaction:false\nCREATE TABLE made ();\nSELECT 1 / 0;\n-- migrate:down\n'),
  ).toBe(false);
  expect(await exists('made')).toBe(false);
});
