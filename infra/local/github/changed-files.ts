import { git } from './git.ts';

export interface ChangedFile {
  readonly filename: string;
  readonly previous_filename?: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
}

export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** What differs between two commits or trees, renames detected, in the order of the paths. */
export const changedFiles = async (directory: string, from: string, to: string): Promise<ChangedFile[]> => {
  const diff = async (format: string) => {
    const output = await git(directory, ['diff-tree', '-r', '-M', '-z', '--no-commit-id', format, from, to]);
    return output.toString('utf8').split('\0');
  };
  const counts = countsFrom(await diff('--numstat'));
  return filesFrom(await diff('--raw')).map((file) => ({ ...file, ...(counts.get(file.filename) ?? NONE) }));
};

const NONE = { additions: 0, deletions: 0 };

/** `:{mode} {mode} {sha} {sha} {letter}`, path, and a second path for renames. */
const filesFrom = (tokens: readonly string[]): Omit<ChangedFile, 'additions' | 'deletions'>[] => {
  const files: Omit<ChangedFile, 'additions' | 'deletions'>[] = [];
  for (let at = 0; tokens[at]?.startsWith(':'); ) {
    const [, , from = '', to = '', letter = ''] = tokens[at]?.split(' ') ?? [];
    const path = tokens[at + 1] ?? '';
    const renamed = letter.startsWith('R');
    files.push({
      filename: renamed ? (tokens[at + 2] ?? '') : path,
      ...(renamed && { previous_filename: path }),
      status: STATUSES[letter[0] ?? ''] ?? 'changed',
      sha: letter === 'D' ? from : to,
    });
    at += renamed ? 3 : 2;
  }
  return files;
};

const STATUSES: Readonly<Record<string, ChangedFile['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'changed',
};

/** `{added}\t{deleted}\t{path}`, or an empty path with both paths behind it for renames; `-` for binary files. */
const countsFrom = (tokens: readonly string[]) => {
  const counts = new Map<string, { additions: number; deletions: number }>();
  for (let at = 0; tokens[at]; ) {
    const [added = '', deleted = '', path = ''] = tokens[at]?.split('\t') ?? [];
    const count = { additions: Number(added) || 0, deletions: Number(deleted) || 0 };
    counts.set(path || (tokens[at + 2] ?? ''), count);
    at += path ? 1 : 3;
  }
  return counts;
};
