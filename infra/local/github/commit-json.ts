import type { ChangedFile } from './changed-files.ts';
import type { Commit, Person } from './commit.ts';
import { nodeId, type Repository } from './repository.ts';

const person = ({ name, email, date }: Person) => ({ name, email, date: utc(date) });

const utc = (date: string) => `${new Date(date).toISOString().slice(0, 19)}Z`;

const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

/** A commit as `git/commits/{sha}` shows it. */
export const gitCommitJson = (commit: Commit, { url, htmlUrl }: Repository) => ({
  sha: commit.sha,
  node_id: nodeId('Commit', commit.sha),
  url: `${url}/git/commits/${commit.sha}`,
  html_url: `${htmlUrl}/commit/${commit.sha}`,
  author: person(commit.author),
  committer: person(commit.committer),
  tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
  message: commit.message,
  parents: commit.parents.map((sha) => ({
    sha,
    url: `${url}/git/commits/${sha}`,
    html_url: `${htmlUrl}/commit/${sha}`,
  })),
  verification: UNSIGNED,
});

/** A commit as `commits/{ref}` and comparisons show it. */
export const commitJson = (commit: Commit, { url, htmlUrl }: Repository) => ({
  sha: commit.sha,
  node_id: nodeId('Commit', commit.sha),
  commit: {
    author: person(commit.author),
    committer: person(commit.committer),
    message: commit.message,
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    url: `${url}/git/commits/${commit.sha}`,
    comment_count: 0,
    verification: UNSIGNED,
  },
  url: `${url}/commits/${commit.sha}`,
  html_url: `${htmlUrl}/commit/${commit.sha}`,
  comments_url: `${url}/commits/${commit.sha}/comments`,
  author: null,
  committer: null,
  parents: commit.parents.map((sha) => ({
    sha,
    url: `${url}/commits/${sha}`,
    html_url: `${htmlUrl}/commit/${sha}`,
  })),
});

/** A file of a commit or comparison; without the patch text. */
export const fileJson = (file: ChangedFile, commit: string, { url, htmlUrl }: Repository) => ({
  ...file,
  changes: file.additions + file.deletions,
  blob_url: `${htmlUrl}/blob/${commit}/${encodeURI(file.filename)}`,
  raw_url: `${htmlUrl}/raw/${commit}/${encodeURI(file.filename)}`,
  contents_url: `${url}/contents/${encodeURI(file.filename)}?ref=${commit}`,
});
