import { execFileSync } from 'node:child_process';
import { globSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { synthesise } from '../local/synthesise.ts';
import { type Figure, median } from './figure.ts';

const RUNS = 5;

/** The webhook as Lambda gets it: its bytes, chunks included, and its import in a process that has loaded nothing else. */
export const webhookFigures = (): readonly Figure[] => {
  const [bundle] = globSync('asset.*/webhook.mjs', { cwd: synthesise() }).map((path) => join(synthesise(), path));
  if (!bundle) throw new Error('The synthesised app holds no webhook.mjs');
  const folder = dirname(bundle);
  const code = readdirSync(folder).filter((file) => file.endsWith('.mjs'));
  const bytes = code.map((file) => statSync(join(folder, file)).size).reduce((sum, size) => sum + size);
  const imports = Array.from({ length: RUNS }, () => importMillis(bundle));
  return [
    { what: 'webhook bundle', value: bytes, unit: 'bytes', limit: 20_000 },
    { what: 'webhook import', value: median(imports), unit: 'ms', limit: 10, note: `median of ${RUNS} processes` },
  ];
};

const importMillis = (bundle: string): number => {
  const url = JSON.stringify(pathToFileURL(bundle).href);
  const script = `const from = performance.now(); await import(${url}); console.log(performance.now() - from);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }));
};
