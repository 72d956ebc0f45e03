import { type Commit, commitFrom, LOG_FORMAT } from './commit.ts';

/** A commit and what it did to its first parent, as in push events: a rename is a removal and an addition. */
export interface TouchedCommit extends Commit {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly modified: readonly string[];
}

const START = '\x1e';

/** For `git log -z`: what `touchedCommitsFrom` reads. */
export const TOUCHED_FORMAT = [
  `--format=%x1e${LOG_FORMAT}`,
  '--name-status',
  '--no-renames',
  '--root',
  '--diff-merges=first-parent',
];

/** Takes the log apart at its zeros: a commit behind a mark, then a letter and a path for each file, the first behind a line break. */
export const touchedCommitsFrom = (log: Buffer): TouchedCommit[] => {
  const commits: (Commit & { added: string[]; removed: string[]; modified: string[] })[] = [];
  const tokens = log.toString('utf8').split('\0');
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]?.trimStart() ?? '';
    if (token.startsWith(START))
      commits.push({ ...commitFrom(token.slice(START.length)), added: [], removed: [], modified: [] });
    else if (token) commits.at(-1)?.[LISTS[token] ?? 'modified'].push(tokens[++at] ?? '');
  }
  return commits;
};

const LISTS: Readonly<Record<string, 'added' | 'removed'>> = { A: 'added', D: 'removed' };
