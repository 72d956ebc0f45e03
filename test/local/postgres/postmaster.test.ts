import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { isServerOf, readPostmaster } from '../../../infra/local/postgres/postmaster.ts';
import { memoryFolder } from '../../support/memory-folder.ts';

const folder = memoryFolder('postmaster-');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Makes a file and takes it away, as often as it can before it is told to end. */
const FLICKER = `const { renameSync, rmSync, writeFileSync } = require('node:fs');
const end = Date.now() + 200;
while (Date.now() < end) {
  writeFileSync('part', '1\\n');
  renameSync('part', 'postmaster.pid');
  rmSync('postmaster.pid');
}`;

test('a server that starts or ends in the middle of a look is there or not, and no fault', async () => {
  const child = spawn(process.execPath, ['--eval', FLICKER], { cwd: folder });
  const exited = once(child, 'exit');
  const pids = new Set<number | undefined>();
  while (child.exitCode === null) {
    for (let looks = 0; looks < 500; looks++) pids.add(readPostmaster(folder)?.pid);
    await new Promise(setImmediate);
  }
  expect(await exited).toEqual([0, null]);
  expect(pids).toEqual(new Set([undefined, 1]));
});

test('what stands in the place of the file and cannot be read is a fault', () => {
  const data = join(folder, 'data');
  mkdirSync(join(data, 'postmaster.pid'), { recursive: true });
  expect(() => readPostmaster(data)).toThrow('EISDIR');
});

test('a process that is gone serves nothing', async () => {
  const child = spawn(process.execPath, ['--version']);
  await once(child, 'exit');
  expect(isServerOf(folder, child.pid ?? 0)).toBe(false);
});
