import type { Commit } from './commit.ts';
import { ZERO_SHA } from './git-repository.ts';
import { ownerJson, type Repository, repositoryJson } from './repository.ts';
import type { TouchedCommit } from './touched-commit.ts';

/** A ref that moved, with all refs as they stood before the push. */
export interface RefChange {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly refsBefore: ReadonlyMap<string, string>;
}

/** As many as a push event lists at most. */
const MOST_COMMITS = 2048;

/** The body of a push event but for its installation (https://docs.github.com/en/webhooks/webhook-events-and-payloads#push). */
export const pushPayload = async (repository: Repository, change: RefChange, now: number) => {
  const { ref, before, after } = change;
  const { git, htmlUrl, url } = repository;
  const created = before === ZERO_SHA;
  const deleted = after === ZERO_SHA;
  const tip = deleted ? undefined : await git.describe(`${after}^{commit}`);
  const commits = tip && ref.startsWith('refs/heads/') ? await pushedCommits(repository, change, tip.sha) : [];
  const head = tip && (commits.find(({ sha }) => sha === tip.sha) ?? (await git.logTouched(['-1', tip.sha]))[0]);
  const json = (commit: TouchedCommit) => pushedCommitJson(commit, htmlUrl);
  const owner = ownerJson(repository.owner, url.slice(0, url.indexOf('/repos/')));
  return {
    ref,
    before,
    after,
    repository: {
      ...repositoryJson(repository),
      ...pushTimes(now),
      stargazers: 0,
      master_branch: repository.defaultBranch,
    },
    pusher: { name: head?.committer.name ?? repository.owner, email: head?.committer.email ?? null },
    sender: owner,
    created,
    deleted,
    forced: !created && !deleted && (await isForced(repository, change, commits)),
    base_ref: created ? baseRef(change, tip?.sha) : null,
    compare: compareUrl(change, commits, htmlUrl),
    commits: commits.map(json),
    head_commit: head ? json(head) : null,
  };
};

/** In push events these two are seconds since the epoch, unlike anywhere else. */
const pushTimes = (now: number) => ({ created_at: 1_704_067_200, pushed_at: Math.floor(now / 1000) });

/** Oldest first: what the branch has now and had not before; for a new branch, what no branch had. */
const pushedCommits = (
  { git }: Repository,
  { before, refsBefore }: RefChange,
  tip: string,
): Promise<TouchedCommit[]> => {
  const heads = [...refsBefore].filter(([name]) => name.startsWith('refs/heads/')).map(([, sha]) => sha);
  const known = before === ZERO_SHA ? heads : [before];
  return git.logTouched(['--reverse', `--max-count=${MOST_COMMITS}`, tip, ...known.map((sha) => `^${sha}`)]);
};

/** A branch goes forward when what it has now, and had not before, starts from where it stood; a list cut short does not tell. */
const isForced = async (
  { git }: Repository,
  { ref, before, after }: RefChange,
  commits: readonly Commit[],
): Promise<boolean> => {
  if (ref.startsWith('refs/heads/') && commits.length < MOST_COMMITS)
    return !commits.some(({ parents }) => parents.includes(before));
  return (await git.mergeBase(before, after)) !== before;
};

/** The branch that stood where a new ref starts. */
const baseRef = ({ ref, refsBefore }: RefChange, tip: string | undefined): string | null =>
  [...refsBefore].find(([name, sha]) => name !== ref && name.startsWith('refs/heads/') && sha === tip)?.[0] ?? null;

const compareUrl = ({ ref, before, after }: RefChange, commits: readonly Commit[], htmlUrl: string): string => {
  const [first] = commits;
  const short = ref.replace(/^refs\/(heads|tags)\//, '');
  if (before !== ZERO_SHA) return `${htmlUrl}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`;
  if (!first) return `${htmlUrl}/compare/${short}`;
  if (commits.length === 1) return `${htmlUrl}/commit/${first.sha}`;
  return `${htmlUrl}/compare/${first.sha.slice(0, 12)}^...${after.slice(0, 12)}`;
};

const pushedCommitJson = (commit: TouchedCommit, htmlUrl: string) => ({
  id: commit.sha,
  tree_id: commit.tree,
  distinct: true,
  message: commit.message,
  timestamp: commit.committer.date,
  url: `${htmlUrl}/commit/${commit.sha}`,
  author: { name: commit.author.name, email: commit.author.email },
  committer: { name: commit.committer.name, email: commit.committer.email },
  added: commit.added,
  removed: commit.removed,
  modified: commit.modified,
});
