// Runs before `npm start` and `npm test`, on whatever Node the machine has and without any package: installs what the
// lockfile names when it is not there yet. Quick when nothing is to do, since it runs every time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const lockfile = join(root, 'package-lock.json');
/** Holds the hash of the lockfile that was installed last. */
const mark = join(modules, '.slipway-installed');
/** npm writes it as the last thing of an install. */
const npmsOwn = join(modules, '.package-lock.json');
const newNode = join(modules, '.bin', 'node');

const run = () => {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE)
    return `Slipway needs Node ${OLDEST_NODE} or newer and found ${process.version}: install one from https://nodejs.org and try again.`;
  const hash = createHash('sha256').update(readFileSync(lockfile)).digest('hex');
  if (isInstalled(hash)) return undefined;
  console.log('Installing the packages that package-lock.json names...');
  return install() ?? missingNode() ?? remember(hash);
};

/** The mark holds the lockfile's hash; or npm has installed by itself since lockfile and mark were written. */
const isInstalled = (hash) => {
  if (!existsSync(newNode)) return false;
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hash) return true;
  if (!existsSync(npmsOwn)) return false;
  const installedAt = statSync(npmsOwn).mtimeMs;
  if (installedAt < statSync(lockfile).mtimeMs) return false;
  if (existsSync(mark) && installedAt < statSync(mark).mtimeMs) return false;
  remember(hash);
  return true;
};

/**
 * `npm install`, not `npm ci`: a registry that lacks packages of other platforms leaves them out of the lockfile, which
 * `npm ci` refuses. npm may replace the Node among the packages, so it must not run on that one.
 */
const install = () => {
  const own = join(modules, '.bin');
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== own);
  const { status, signal, error } = spawnSync('npm', ['install', '--no-save', '--include=dev'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path.join(delimiter) },
  });
  if (error) return `npm cannot be run (${error.message}): install it beside Node and try again.`;
  if (status === 0) return undefined;
  return `The packages were not installed: npm install ended with ${signal ?? status}, for the reason above. If this machine is offline, connect it and try again.`;
};

/** Everything else runs on the Node that is a package; its install script puts it in place. */
const missingNode = () =>
  existsSync(newNode)
    ? undefined
    : 'npm install ran no install scripts, so the Node that Slipway runs on is missing: allow them (npm config set ignore-scripts false) and try again.';

const remember = (hash) => {
  try {
    writeFileSync(mark, hash);
  } catch {
    // Somebody else's folder: the times of the two files are compared again next time.
  }
  return undefined;
};

const complaint = run();
if (complaint) {
  console.error(complaint);
  process.exitCode = 1;
}
