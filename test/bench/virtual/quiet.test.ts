import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { canSeeQuiet, quietWatch } from '../../../bin/bench/virtual/quiet.ts';

test('it is quiet when a process below has done its work, not while it works', async () => {
  if (!canSeeQuiet()) return expect(process.platform).not.toBe('linux');
  const quiet = quietWatch();
  await quiet();
  const script = 'for (let i = 0; i < 4e8; i++); process.stdout.write("done"); setTimeout(() => {}, 60_000);';
  const child = spawn(process.execPath, ['--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  await quiet();
  expect(said).toBe('done');
  child.kill('SIGKILL');
  await once(child, 'close');
});
