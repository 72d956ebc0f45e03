import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { posix } from 'node:path';
import { promisify } from 'node:util';
import type { ObjectProcess } from '../github/object-process.ts';

const run = promisify(execFile);

/** The id of the tree or blob at each path of a commit, or undefined when there is no such thing; an empty path is the root. */
export const findObjects = (
  facts: ObjectProcess,
  commit: string,
  paths: readonly string[],
): Promise<readonly (string | undefined)[]> => {
  const names = paths.map((path) => (path === '' || path === '.' ? `${commit}^{tree}` : `${commit}:${path}`));
  return Promise.all(names.map(async (name) => (await facts.ask(name))?.sha));
};

/** Writes the files of a commit into an empty folder; neither hooks, filters nor `export-ignore` change what is written. */
export const writeTree = async (repository: string, commit: string, folder: string): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  const index = `${folder}.index`;
  try {
    await git(repository, ['--work-tree', folder, 'read-tree', '--reset', '-u', `${commit}^{tree}`], index);
  } finally {
    rmSync(index, { force: true });
  }
};

/** The path of a file in a repository, for git's `commit:path` form. */
export const pathInTree = (folder: string, file: string): string => posix.join(folder, file);

/** The user's and the machine's configuration stay out: a global core.hooksPath or autocrlf must not matter here. */
const git = async (repository: string, words: readonly string[], index: string) => {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const env = { ...Object.fromEntries(inherited), ...NO_CONFIGURATION, GIT_INDEX_FILE: index };
  await run('git', ['--git-dir', repository, ...words], { env, maxBuffer: 64e6 });
};

const NO_CONFIGURATION = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' };
