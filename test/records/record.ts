import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../bin/local/synthesise.ts';
import { startTestSlipway } from '../support/slipway.ts';
import { chooseExamples } from './choose-examples.ts';
import { type RecordKind, recordKinds } from './kinds.ts';
import { tellStory } from './story.ts';
import { witness } from './witness.ts';

// `npx node test/records/record.ts v2` writes examples of every kind of record to test/records/v2, from a story that really
// happens: once, when a version is released. docs/upgrade.md says what they are for.
const [version = ''] = process.argv.slice(2);
if (!/^v\d+$/.test(version)) throw new Error('Say which version writes these records, such as v2');
const MOST = 8;

const slipway = await startTestSlipway();
const seen = witness(slipway);
try {
  await tellStory(slipway);
  const records = await seen.end();
  const folder = join(ROOT, 'test/records', version);
  mkdirSync(folder, { recursive: true });
  for (const kind of Object.keys(recordKinds) as RecordKind[]) {
    const examples = chooseExamples(records.get(kind) ?? [], MOST);
    console.log(`${kind}: ${examples.length} of ${records.get(kind)?.length ?? 0}`);
    writeFileSync(join(folder, `${dashed(kind)}.ts`), textOf(kind, examples));
  }
  writeFileSync(join(folder, 'all.ts'), everyKind());
  execFileSync(join(ROOT, 'node_modules/.bin/biome'), ['check', '--write', folder], { stdio: 'inherit' });
} finally {
  await seen.leave();
  await slipway.stop();
}

function textOf(kind: RecordKind, examples: readonly unknown[]): string {
  const head = `// Written by ${version} of Slipway in a real run, and never changed by hand: docs/upgrade.md.`;
  return `${head}\nexport const ${kind} = ${JSON.stringify(examples, undefined, 2)} as const;\n`;
}

function everyKind(): string {
  const kinds = Object.keys(recordKinds);
  const imports = kinds.map((kind) => `import { ${kind} } from './${dashed(kind)}.ts';`);
  return `${[...imports].sort().join('\n')}\n\nexport const ${version} = { ${kinds.join(', ')} } as const;\n`;
}

function dashed(kind: string): string {
  return kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
