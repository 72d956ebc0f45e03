import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stop } from 'esbuild';
import { bundleFunctions } from '../infra/aws/bundle.ts';
import { keepCompiled } from './compile-cache.ts';

keepCompiled();
const bundles = mkdtempSync(join(tmpdir(), 'slipway-bundles-'));
// The assembly takes copies when the process ends its work; nothing is left behind.
process.on('exit', () => rmSync(bundles, { recursive: true, force: true }));
await bundleFunctions(resolve(import.meta.dirname, '..'), bundles);
await stop();

// Only now: esbuild's process and CDK's heap would together need a third more memory.
const { slipwayApp } = await import('../infra/aws/slipway-app.ts');
const app = slipwayApp(bundles);
// The example stage has everything that can be found something about. CDK's own switch; `npm start` needs no check.
if (process.env['CDK_VALIDATION'] !== 'false') {
  const { addNag } = await import('../infra/aws/nag.ts');
  addNag(app, { whole: app.node.tryGetContext('stage') === 'example' });
}
