import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { posix } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The id of the tree or blob at each path of a commit, or undefined when there is no such thing; an empty path is the root. */
export const findObjects = async (
  repository: string,
  commit: string,
  paths: readonly string[],
): Promise<readonly (string | undefined)[]> => {
  const names = paths.map((path) => (path === '' || path === '.' ? `${commit}^{tree}` : `${commit}:${path}`));
  const input = names.map((name) => `${name}\n`).join('');
  const answer = await git(repository, ['cat-file', '--batch-check=%(objectname)'], { input });
  const lines = answer.split('\n');
  return paths.map((_, index) => /^[0-9a-f]{40,64}$/.exec(lines[index] ?? '')?.[0]);
};

/** Writes the files of a commit into an empty folder; neither hooks, filters nor `export-ignore` change what is written. */
export const writeTree = async (repository: string, commit: string, folder: string): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  const index = `${folder}.index`;
  try {
    await git(repository, ['--work-tree', folder, 'read-tree', '--reset', '-u', `${commit}^{tree}`], { index });
  } finally {
    rmSync(index, { force: true });
  }
};

/** The path of a file in a repository, for git's `commit:path` form. */
export const pathInTree = (folder: string, file: string): string => posix.join(folder, file);

interface GitOptions {
  readonly input?: string;
  readonly index?: string;
}

/** The user's and the machine's configuration stay out: a global core.hooksPath or autocrlf must not matter here. */
const git = async (repository: string, words: readonly string[], { input, index }: GitOptions = {}) => {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const env = { ...Object.fromEntries(inherited), ...NO_CONFIGURATION, ...(index ? { GIT_INDEX_FILE: index } : {}) };
  const running = run('git', ['--git-dir', repository, ...words], { env, maxBuffer: 64e6 });
  // A git that ends before it has read breaks the pipe; its exit code says why, so that error is the one to report.
  running.child.stdin?.on('error', () => undefined).end(input);
  return (await running).stdout;
};

const NO_CONFIGURATION = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' };
