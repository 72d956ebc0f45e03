import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { SPECIFICATION_FILE } from '../infra/local/cloudformation/specification/specification.ts';
import { pieces } from './docs/pieces.ts';
import { resourceTypes } from './docs/resource-types.ts';
import { rewrite } from './docs/rewrite.ts';
import { schemaFiles } from './docs/schema-files.ts';

const ROOT = resolve(import.meta.dirname, '..');

// `npm run docs` writes what is generated; `npm run docs -- --check` only says what is out of sync.
const check = process.argv.includes('--check');
const stale: string[] = [];
const keep = (path: string, written: string, wanted: string) => {
  if (wanted === written) return;
  stale.push(path);
  if (!check) writeFileSync(join(ROOT, path), wanted);
};
for (const path of globSync(['README.md', 'docs/**/*.md'], { cwd: ROOT }).sort()) {
  const document = readFileSync(join(ROOT, path), 'utf8');
  keep(path, document, rewrite(path, document, pieces));
}
const files = { [relative(ROOT, SPECIFICATION_FILE)]: resourceTypes(ROOT), ...schemaFiles() };
for (const [path, wanted] of Object.entries(files))
  keep(path, existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : '', wanted);
if (check && stale.length > 0) {
  console.error(`Out of sync with the code: ${stale.join(', ')}. Run npm run docs and commit what it writes.`);
  process.exitCode = 1;
} else {
  console.log(stale.length > 0 ? `Written: ${stale.join(', ')}` : 'Everything generated is in sync with the code');
}
