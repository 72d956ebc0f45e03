import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Commit, commitsFrom, LOG_FORMAT } from './commit.ts';
import { git, tryGit } from './git.ts';
import { kept } from './kept.ts';
import { type FoundObject, objectProcess } from './object-process.ts';
import { readRefs } from './refs.ts';
import { TOUCHED_FORMAT, type TouchedCommit, touchedCommitsFrom } from './touched-commit.ts';
import { entriesOf } from './tree-object.ts';

export type GitObject = Omit<FoundObject, 'content'>;

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

const SETTINGS = `[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
`;

/** A bare repository, asked by git plumbing. */
export const gitRepository = (directory: string) => {
  const contents = objectProcess(directory, 'contents');
  const facts = objectProcess(directory, 'facts');
  // What has a SHA never changes.
  const objects = kept<GitObject>(MOST_KEPT);
  const trees = kept<TreeEntry[]>(MOST_KEPT);

  /** What a name stands for. */
  const describe = async (name: string): Promise<GitObject | undefined> => {
    const known = objects.get(name) ?? (await facts.ask(name));
    if (!known) return;
    const { sha, type, size } = known;
    if (IMMUTABLE.test(name)) objects.put(name, { sha, type, size });
    return { sha, type, size };
  };

  const contentOf = async (name: string): Promise<Buffer> => {
    const found = await contents.ask(name);
    if (!found) throw new Error(`${directory} has no object ${name}`);
    return found.content;
  };

  const entriesBelow = async (tree: string, prefix: string, recursive: boolean): Promise<TreeEntry[]> => {
    const entries = entriesOf(await contentOf(`${tree}^{tree}`));
    const listed = entries.map(async ({ name, ...entry }): Promise<TreeEntry[]> => {
      const path = prefix + name;
      if (entry.type === 'blob') return [{ ...entry, path, size: (await describe(entry.sha))?.size ?? 0 }];
      const below = recursive && entry.type === 'tree' ? await entriesBelow(entry.sha, `${path}/`, true) : [];
      return [{ ...entry, path }, ...below];
    });
    return (await Promise.all(listed)).flat();
  };

  /** Entries of a tree or of a commit's tree, or of all trees below it (`recursive`), in git's order. */
  const tree = (sha: string, recursive: boolean): Promise<TreeEntry[]> =>
    trees.of(`${sha} ${recursive}`, () => entriesBelow(sha, '', recursive));

  const log = async (args: readonly string[]): Promise<Commit[]> =>
    commitsFrom(await git(directory, ['log', '-z', `--format=${LOG_FORMAT}`, ...args, '--']));

  return {
    directory,
    describe,
    object: async (sha: string): Promise<GitObject | undefined> =>
      /^[0-9a-f]{40}$/.test(sha) ? describe(sha) : undefined,
    refs: (): Map<string, string> => readRefs(directory),
    /** The commit behind what GitHub takes for a ref: a branch, a tag, a name below refs/, a SHA or the start of one. */
    resolve: async (name: string): Promise<string | undefined> => {
      if (name === '' || NO_REF.test(name)) return;
      const shas = /^[0-9a-f]{4,40}$/.test(name) ? [name] : [];
      const names = name === 'HEAD' ? ['HEAD'] : [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name];
      const candidates = [...shas, ...names.filter((each) => each.startsWith('refs/') || each === 'HEAD')];
      const found = await Promise.all(candidates.map((each) => describe(`${each}^{commit}`)));
      return found.find((object) => object !== undefined)?.sha;
    },
    log,
    /** As `log`, with the files that each commit touched. */
    logTouched: async (args: readonly string[]): Promise<TouchedCommit[]> =>
      touchedCommitsFrom(await git(directory, ['log', '-z', ...TOUCHED_FORMAT, ...args, '--'])),
    commit: async (sha: string): Promise<Commit | undefined> => (await log(['-1', sha]))[0],
    tree,
    /** The entry at a path of a commit's tree; the tree itself for an empty path. */
    entry: async (commit: string, path: string): Promise<TreeEntry | undefined> => {
      if (path === '') {
        const root = await describe(`${commit}^{tree}`);
        return root && { mode: '040000', type: 'tree', sha: root.sha, path: '' };
      }
      return (await tree(commit, true)).find((each) => each.path === path);
    },
    /** Bytes of an object, as git keeps them. */
    content: contentOf,
    mergeBase: async (base: string, head: string): Promise<string | undefined> =>
      (await tryGit(directory, ['merge-base', base, head]))?.toString('utf8').trim(),
    /** How many commits only the one and only the other has. */
    countApart: async (base: string, head: string): Promise<{ behind: number; ahead: number }> => {
      const output = await git(directory, ['rev-list', '--left-right', '--count', `${base}...${head}`]);
      const [behind = 0, ahead = 0] = output.toString('utf8').trim().split('\t').map(Number);
      return { behind, ahead };
    },
    /** Ends its processes; the next question would start them anew. */
    close: () => {
      contents.stop();
      facts.stop();
    },
  };
};

// What no ref name holds (git check-ref-format), so that git's expressions (HEAD~1, main:file) are not taken for names.
const NO_REF = /[\s~^:?*[\\]|\.\.|@\{|^-/;
