import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest } from '../../functions/manifest.ts';
import { addNag } from '../../infra/aws/nag.ts';
import { slipwayApp } from '../../infra/aws/slipway-app.ts';
import type { StageEntry } from '../../infra/aws/stage.ts';
import { commentedStages } from './commented-stages.ts';

// A process of its own, because CDK in jest's module registry takes many times as long. The folder named by the first word
// gets functions without content; the templates go where CDK_OUTDIR says.
const [, , folder = ''] = process.argv;
for (const { name } of manifest) {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, `${name}.mjs`), `export const handler = '${name}';`);
}

/** The stage with a cluster beside that has no administrator who logs in by IAM. */
const besidePlain = ({ clusters = [], ...stage }: StageEntry): StageEntry => {
  const plain = clusters.map(({ databaseAdmins: _, ...site }) => ({ ...site, name: 'plain', environments: ['trial'] }));
  return { ...stage, clusters: [...clusters, ...plain] };
};

// With two accounts nothing may be found either.
const stages = Object.entries(commentedStages()).map(([name, stage]) => [name, besidePlain(stage)] as const);
addNag(slipwayApp(folder, Object.fromEntries(stages)), { whole: false });
