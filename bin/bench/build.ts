import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { stop } from 'esbuild';
import { bundleFunctions } from '../../infra/aws/bundle.ts';
import { ROOT } from '../local/synthesise.ts';
import type { Figure } from './figure.ts';

/** How long it takes to make what is deployed: the bundles of all functions, and the templates with their checks. */
export const buildFigures = async (directory: string): Promise<readonly Figure[]> => {
  const bundled = await millisOf(() => bundleFunctions(ROOT, join(directory, 'bundles')));
  await stop();
  const synth = () =>
    execFileSync('npm', ['run', '--silent', 'synth', '--', '--output', join(directory, 'cdk.out')], {
      cwd: ROOT,
      stdio: 'ignore',
    });
  return [
    { what: 'bundles of all functions', value: bundled, unit: 'ms', limit: 1000 },
    {
      what: 'npm run synth',
      value: await millisOf(synth),
      unit: 'ms',
      limit: 6000,
      note: 'bundles and the rules of cdk-nag included',
    },
  ];
};

const millisOf = async (run: () => unknown): Promise<number> => {
  const from = performance.now();
  await run();
  return performance.now() - from;
};
