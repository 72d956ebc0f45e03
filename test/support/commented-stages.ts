import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { ROOT } from '../../bin/local/synthesise.ts';
import type { StageEntry } from '../../infra/aws/stage.ts';

/** The complete stage that the comment of infra/aws/stages.ts shows: two accounts, everything kept. */
export const commentedStages = (): Readonly<Record<string, StageEntry>> => {
  const source = readFileSync(join(ROOT, 'infra/aws/stages.ts'), 'utf8');
  const [example = ''] = /^ \* production: \{[\s\S]*?^ \* \},$/m.exec(source) ?? [];
  const value = runInNewContext(`({ ${example.replaceAll(/^ \* ?/gm, '')} })`);
  // Lists of another realm are none to a schema.
  return JSON.parse(JSON.stringify(value)) as Readonly<Record<string, StageEntry>>;
};
