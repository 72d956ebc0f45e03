import { execFileSync } from 'node:child_process';
import { globSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { manifest } from '../../functions/manifest.ts';
import { synthesise } from '../local/synthesise.ts';
import { type Figure, median } from './figure.ts';

const RUNS = 5;

/** What people wait for: the bytes of a function as Lambda gets it, and its import in a process that has loaded nothing else. */
const LIMITS: Readonly<Record<string, { readonly bytes: number; readonly millis: number }>> = {
  webhook: { bytes: 20_000, millis: 10 },
};

/** Size, chunks included, and import of every function's bundle. */
export const functionFigures = (): readonly Figure[] => {
  const assembly = synthesise();
  const bundles = new Map(globSync('asset.*/*.mjs', { cwd: assembly }).map((path) => [basename(path, '.mjs'), path]));
  return manifest.flatMap(({ name }): readonly Figure[] => {
    const bundle = bundles.get(name);
    if (bundle === undefined) throw new Error(`The synthesised app holds no ${name}.mjs`);
    const path = join(assembly, bundle);
    const limits = LIMITS[name];
    const imports = Array.from({ length: limits ? RUNS : 1 }, () => importMillis(path));
    return [
      {
        what: `${name}: bundle`,
        value: codeBytes(dirname(path)),
        unit: 'bytes',
        ...(limits && { limit: limits.bytes }),
      },
      {
        what: `${name}: import`,
        value: median(imports),
        unit: 'ms',
        ...(limits && { limit: limits.millis, note: `median of ${RUNS} processes` }),
      },
    ];
  });
};

const codeBytes = (folder: string): number =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.mjs'))
    .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);

const importMillis = (bundle: string): number => {
  const url = JSON.stringify(pathToFileURL(bundle).href);
  const script = `const from = performance.now(); await import(${url}); console.log(performance.now() - from);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }));
};
