import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lockFolder } from '../../../bin/local/folder-lock.ts';
import { ROOT } from '../../../bin/local/synthesise.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'test-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('a lock ends with the process that holds it, even one that is killed', async () => {
  const file = join(ROOT, 'bin/local/folder-lock.ts');
  const code = `import { lockFolder } from ${JSON.stringify(file)}; lockFolder(process.argv[1]); gc(); console.log('locked'); setInterval(() => {}, 1000);`;
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--expose-gc'];
  const holder = spawn(process.execPath, [...flags, '--eval', code, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(holder, 'exit');
  try {
    await once(holder.stdout, 'data');
    expect(() => lockFolder(directory)).toThrow(`Another Slipway (process ${holder.pid}) runs on ${directory}`);
  } finally {
    holder.kill('SIGKILL');
    await exited;
  }
  lockFolder(directory)();
});
