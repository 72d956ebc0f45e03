import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The repository's root. */
export const ROOT = resolve(import.meta.dirname, '../..');

const OUTPUT = join(ROOT, 'cdk.out');
const MARK = join(OUTPUT, '.sources');
const SOURCES = [
  'functions/**/*.ts',
  'statemachines/**/*.ts',
  'infra/aws/*.ts',
  'bin/app.ts',
  'cdk.json',
  'package-lock.json',
];

/** Runs the CDK app when its sources have changed since the last time; answers the folder of its output. */
export const synthesise = (): string => {
  const hash = sourcesHash();
  if (existsSync(MARK) && readFileSync(MARK, 'utf8') === hash) return OUTPUT;
  const fresh = `${OUTPUT}.${process.pid}`;
  const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: object };
  execFileSync(process.execPath, [join(ROOT, 'bin/app.ts')], {
    cwd: ROOT,
    env: { ...process.env, CDK_OUTDIR: fresh, CDK_CONTEXT_JSON: JSON.stringify(context) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  writeFileSync(join(fresh, '.sources'), hash);
  rmSync(OUTPUT, { recursive: true, force: true });
  renameSync(fresh, OUTPUT);
  return OUTPUT;
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
