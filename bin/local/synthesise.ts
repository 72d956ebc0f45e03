import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

/** The repository's root. */
export const ROOT = resolve(import.meta.dirname, '../..');

const CACHE = join(ROOT, 'node_modules/.cache/slipway');
const KEPT = 3;
const SOURCES = [
  'functions/**/*.ts',
  'statemachines/**/*.ts',
  'infra/aws/*.ts',
  'bin/app.ts',
  'cdk.json',
  'package-lock.json',
];

/**
 * The output of the CDK app for the sources as they are; synthesised once for each state of them. A folder is never
 * changed again, because a cloud that runs may still load code from it; the newest few are kept.
 */
export const synthesise = (): string => {
  const output = join(CACHE, sourcesHash().slice(0, 16));
  if (!existsSync(output)) synthesiseInto(output);
  utimesSync(output, new Date(), new Date());
  forgetOlder();
  return output;
};

const synthesiseInto = (output: string) => {
  const fresh = `${output}.${process.pid}`;
  const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: object };
  mkdirSync(CACHE, { recursive: true });
  execFileSync(process.execPath, [join(ROOT, 'bin/app.ts')], {
    cwd: ROOT,
    // What `npm run synth` checks is not checked again here: AWS's rules alone would double time and memory.
    env: { ...process.env, CDK_OUTDIR: fresh, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  // Another process may have been faster: its output is the same.
  if (existsSync(output)) rmSync(fresh, { recursive: true, force: true });
  else renameSync(fresh, output);
};

const forgetOlder = () => {
  const assemblies = readdirSync(CACHE)
    .filter((name) => /^[0-9a-f]{16}$/.test(name))
    .map((name) => ({ path: join(CACHE, name), usedAt: statSync(join(CACHE, name)).mtimeMs }))
    .sort((a, b) => b.usedAt - a.usedAt);
  for (const { path } of assemblies.slice(KEPT)) rmSync(path, { recursive: true, force: true });
};

const sourcesHash = (): string => {
  const hash = createHash('sha256');
  for (const file of globSync(SOURCES, { cwd: ROOT }).sort())
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  return hash.digest('hex');
};
