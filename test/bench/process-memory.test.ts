import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { canMeasureMemory, treePss } from '../../bin/bench/process-memory.ts';

test('memory is measured on Linux, and elsewhere nobody claims to', () => {
  expect(canMeasureMemory()).toBe(process.platform === 'linux');
});

test('a process counts with everything below it, and with nothing once it has ended', async () => {
  if (!canMeasureMemory()) return;
  const script =
    "const { spawn } = require('node:child_process'); spawn('sleep', ['60']); setInterval(() => {}, 1000); console.log('up');";
  const parent = spawn(process.execPath, ['--eval', script], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const { pid } = parent;
  if (pid === undefined) throw new Error('node did not start');
  await once(parent.stdout, 'data');
  expect(treePss(pid)).toBeGreaterThan(1e6);
  expect(treePss(process.pid)).toBeGreaterThan(treePss(pid));
  process.kill(-pid, 'SIGKILL');
  await once(parent, 'close');
  expect(treePss(pid)).toBe(0);
});
