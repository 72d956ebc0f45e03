import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Commit, commitsFrom, LOG_FORMAT } from './commit.ts';
import { git, tryGit } from './git.ts';
import { kept } from './kept.ts';

export interface GitObject {
  readonly sha: string;
  readonly type: 'commit' | 'tree' | 'blob' | 'tag';
  readonly size: number;
}

export interface TreeEntry {
  readonly mode: string;
  readonly type: 'commit' | 'tree' | 'blob';
  readonly sha: string;
  readonly path: string;
  /** Of blobs alone, in bytes. */
  readonly size?: number;
}

export type GitRepository = ReturnType<typeof gitRepository>;

export const ZERO_SHA = '0'.repeat(40);

const MOST_KEPT = 1_000;

/** A SHA, or what it leads to: `{sha}^{commit}`. */
const IMMUTABLE = /^[0-9a-f]{40}(\^\{\w+\})?$/;

/** Makes a bare repository, complete or not at all, unless it is there. */
export const initRepository = async (directory: string, defaultBranch: string): Promise<void> => {
  if (existsSync(directory)) return;
  const part = `${directory}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  await git(dirname(part), ['init', '--bare', '--quiet', '--template=', `--initial-branch=${defaultBranch}`, part]);
  appendFileSync(join(part, 'config'), SETTINGS);
  renameSync(part, directory);
};

const SETTINGS = `[http]
	receivepack = true
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
`;

/** A bare repository, asked by git plumbing. */
export const gitRepository = (directory: string) => {
  // What has a SHA never changes, and a process for each question costs more than all else that a request does.
  const objects = kept<GitObject>(MOST_KEPT);
  const trees = kept<TreeEntry[]>(MOST_KEPT);

  /** What each of some names stands for, in their order. */
  const describe = async (names: readonly string[]): Promise<(GitObject | undefined)[]> => {
    const unknown = names.filter((name) => objects.get(name) === undefined);
    const found = new Map<string, GitObject | undefined>();
    for (const [index, object] of (unknown.length > 0 ? await ask(unknown) : []).entries()) {
      const name = unknown[index] ?? '';
      found.set(name, object);
      if (object && IMMUTABLE.test(name)) objects.put(name, object);
    }
    return names.map((name) => found.get(name) ?? objects.get(name));
  };

  const ask = async (names: readonly string[]): Promise<(GitObject | undefined)[]> => {
    const output = await git(
      directory,
      ['cat-file', '--batch-check=%(objectname) %(objecttype) %(objectsize)'],
      lines(names),
    );
    return output
      .toString('utf8')
      .split('\n')
      .slice(0, names.length)
      .map((line) => {
        const [, sha, type, size] = /^([0-9a-f]{40}) (commit|tree|blob|tag) (\d+)$/.exec(line) ?? [];
        return sha ? { sha, type: type as GitObject['type'], size: Number(size) } : undefined;
      });
  };

  const log = async (args: readonly string[]): Promise<Commit[]> =>
    commitsFrom(await git(directory, ['log', '-z', `--format=${LOG_FORMAT}`, ...args, '--']));

  return {
    directory,
    describe,
    object: async (sha: string): Promise<GitObject | undefined> =>
      /^[0-9a-f]{40}$/.test(sha) ? (await describe([sha]))[0] : undefined,
    /** All refs but HEAD, by full name; annotated tags as the tag object. */
    refs: async (): Promise<Map<string, string>> => {
      const output = await git(directory, ['for-each-ref', '--format=%(objectname) %(refname)']);
      const rows = output.toString('utf8').split('\n').filter(Boolean);
      return new Map(rows.map((row) => [row.slice(41), row.slice(0, 40)]));
    },
    /** The commit behind what GitHub takes for a ref: a branch, a tag, a name below refs/, a SHA or the start of one. */
    resolve: async (name: string): Promise<string | undefined> => {
      if (name === '' || NO_REF.test(name)) return;
      const shas = /^[0-9a-f]{4,40}$/.test(name) ? [name] : [];
      const names = name === 'HEAD' ? ['HEAD'] : [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name];
      const candidates = [...shas, ...names.filter((each) => each.startsWith('refs/') || each === 'HEAD')];
      const found = await describe(candidates.map((each) => `${each}^{commit}`));
      return found.find((object) => object !== undefined)?.sha;
    },
    log,
    commit: async (sha: string): Promise<Commit | undefined> => (await log(['-1', sha]))[0],
    /** The entries of a tree, or of all trees below it (`recursive`), in git's order. */
    tree: (sha: string, recursive: boolean): Promise<TreeEntry[]> =>
      trees.of(`${sha} ${recursive}`, async () => {
        const output = await git(directory, ['ls-tree', '-z', '-l', ...(recursive ? ['-r', '-t'] : []), sha]);
        const entries = output.toString('utf8').split('\0').filter(Boolean).map(treeEntryFrom);
        for (const { sha: blob, type, size } of entries)
          if (size !== undefined) objects.put(blob, { sha: blob, type, size });
        return entries;
      }),
    /** The entry at a path of a commit's tree; the tree itself for an empty path. */
    entry: async (commit: string, path: string): Promise<TreeEntry | undefined> => {
      if (path === '') {
        const [root] = await describe([`${commit}^{tree}`]);
        return root && { mode: '040000', type: 'tree', sha: root.sha, path: '' };
      }
      const output = await git(directory, ['ls-tree', '-z', '-l', commit, '--', path]);
      const [row] = output.toString('utf8').split('\0');
      return row ? treeEntryFrom(row) : undefined;
    },
    blob: (sha: string): Promise<Buffer> => git(directory, ['cat-file', 'blob', sha]),
    tag: (sha: string): Promise<Buffer> => git(directory, ['cat-file', 'tag', sha]),
    mergeBase: async (base: string, head: string): Promise<string | undefined> =>
      (await tryGit(directory, ['merge-base', base, head]))?.toString('utf8').trim(),
    /** How many commits only the one and only the other has. */
    countApart: async (base: string, head: string): Promise<{ behind: number; ahead: number }> => {
      const output = await git(directory, ['rev-list', '--left-right', '--count', `${base}...${head}`]);
      const [behind = 0, ahead = 0] = output.toString('utf8').trim().split('\t').map(Number);
      return { behind, ahead };
    },
  };
};

const lines = (names: readonly string[]): string => names.map((name) => `${name}\n`).join('');

// What no ref name holds (git check-ref-format), so that git's expressions (HEAD~1, main:file) are not taken for names.
const NO_REF = /[\s~^:?*[\\]|\.\.|@\{|^-/;

const treeEntryFrom = (row: string): TreeEntry => {
  const tab = row.indexOf('\t');
  const [mode = '', type = '', sha = '', size = '-'] = row.slice(0, tab).split(/ +/);
  return {
    mode,
    type: type as TreeEntry['type'],
    sha,
    path: row.slice(tab + 1),
    ...(size !== '-' && { size: Number(size) }),
  };
};
