import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../local/synthesise.ts';
import type { Figure } from './figure.ts';
import { canMeasureMemory, treePss } from './process-memory.ts';

const SAMPLE_MILLIS = 200;

/** `npm start -- --once --fresh` as a person runs it, npm included: seconds to DONE and to the prompt, and its memory. */
export const mainJobFigures = async (directory: string): Promise<readonly Figure[]> => {
  const began = performance.now();
  const words = ['start', '--', '--once', '--fresh', '--directory', join(directory, 'main-job')];
  const child = spawn('npm', words, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let done: number | undefined;
  let peak = 0;
  const listen = (chunk: Buffer) => {
    output += chunk;
    if (done === undefined && /: DONE$|^✔/m.test(output)) done = performance.now() - began;
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const sampler = canMeasureMemory()
    ? setInterval(() => {
        peak = Math.max(peak, treePss(child.pid ?? 0));
      }, SAMPLE_MILLIS)
    : undefined;
  const [code] = await once(child, 'close');
  clearInterval(sampler);
  if (code !== 0 || done === undefined)
    throw new Error(`npm start -- --once --fresh ended with ${code} and no DONE:\n${output.slice(-2000)}`);
  return [
    { what: 'npm start -- --once --fresh, to DONE', value: done / 1000, unit: 's', limit: 15 },
    { what: 'npm start -- --once --fresh, to its end', value: (performance.now() - began) / 1000, unit: 's' },
    {
      what: 'npm start -- --once --fresh, peak memory',
      value: sampler ? peak / 1e6 : undefined,
      unit: 'MB',
      limit: 700,
      note: sampler ? 'sum of PSS over the process tree, npm included' : 'only Linux tells it',
    },
  ];
};
