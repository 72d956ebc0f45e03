import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pieces } from './docs/pieces.ts';
import { rewrite } from './docs/rewrite.ts';

const ROOT = resolve(import.meta.dirname, '..');

// `npm run docs` writes what is generated into the documents; `npm run docs -- --check` only says what is out of sync.
const check = process.argv.includes('--check');
const stale: string[] = [];
for (const path of globSync(['README.md', 'docs/**/*.md'], { cwd: ROOT }).sort()) {
  const document = readFileSync(join(ROOT, path), 'utf8');
  const wanted = rewrite(path, document, pieces);
  if (wanted === document) continue;
  stale.push(path);
  if (!check) writeFileSync(join(ROOT, path), wanted);
}
if (check && stale.length > 0) {
  console.error(`Out of sync with the code: ${stale.join(', ')}. Run npm run docs and commit what it writes.`);
  process.exitCode = 1;
} else {
  console.log(stale.length > 0 ? `Written: ${stale.join(', ')}` : 'Every document is in sync with the code');
}
