import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { ROOT } from '../../../bin/local/synthesise.ts';

const file = JSON.stringify(join(ROOT, 'bin/local/interruption.ts'));

/** A process that tells of every signal it survives, and never ends by itself; two within `sameMillis` are one. */
const stubborn = async (sameMillis: number) => {
  const code = `import { awaitInterruption } from ${file};
    const interruption = awaitInterruption(${sameMillis});
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.on(signal, () => console.log('survived', interruption.isAsked()));
    setInterval(() => {}, 1000);
    console.log('ready', interruption.isAsked());
    await interruption.asked;`;
  const flags = ['--input-type=module', '--eval', code];
  const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async () => (await lines.next()).value;
  expect(await line()).toBe('ready false');
  return { child, ended, line };
};

test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP'])(
  '%s asks for an end, a second one takes it',
  async (signal) => {
    const { child, ended, line } = await stubborn(-1);
    child.kill(signal);
    expect(await line()).toBe('survived true');
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
  },
);

test('the same Ctrl-C, handed on by npm, does not count twice', async () => {
  const { child, ended, line } = await stubborn(60_000);
  for (let times = 0; times < 2; times++) {
    child.kill('SIGINT');
    expect(await line()).toBe('survived true');
  }
  child.kill('SIGKILL');
  await ended;
});
