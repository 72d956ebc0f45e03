import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest } from '../../functions/manifest.ts';
import { addNag } from '../../infra/aws/nag.ts';
import { slipwayApp } from '../../infra/aws/slipway-app.ts';
import { commentedStages } from './commented-stages.ts';

// A process of its own, because CDK in jest's module registry takes many times as long. The folder named by the first word
// gets functions without content; the templates go where CDK_OUTDIR says.
const [, , folder = ''] = process.argv;
for (const { name } of manifest) {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, `${name}.mjs`), `export const handler = '${name}';`);
}
// With two accounts nothing may be found either.
addNag(slipwayApp(folder, commentedStages()), { whole: false });
