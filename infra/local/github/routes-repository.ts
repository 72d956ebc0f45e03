import { changedFiles, EMPTY_TREE } from './changed-files.ts';
import { commitJson, fileJson } from './commit-json.ts';
import { GitHubError, notFound } from './github-error.ts';
import { type Repository, repositoryJson } from './repository.ts';
import { ok, onRepository, paged, type RepositoryCall, type RestAnswer, type Route } from './route.ts';

const READ = ['contents', 'read'] as const;

// https://docs.github.com/en/rest/commits/commits
const MOST_COMMITS = 250;
const MOST_FILES = 300;

/** The repository itself, its branches, commits and comparisons. */
export const repositoryRoutes: readonly Route[] = [
  onRepository('GET', '', ['metadata', 'read'], async ({ repository }) => ok(repositoryJson(repository))),
  onRepository('GET', '/branches', READ, async (call) => {
    const { items, headers } = paged(branches(call.repository), call);
    return ok(
      items.map(({ name, sha }) => ({
        name,
        commit: { sha, url: `${call.repository.url}/commits/${sha}` },
        protected: false,
      })),
      headers,
    );
  }),
  onRepository('GET', '/branches/{+branch}', READ, async ({ repository, params }) => {
    const found = branches(repository).find(({ name }) => name === params['branch']);
    const commit = found && (await repository.git.commit(found.sha));
    if (!commit) throw new GitHubError(404, 'Branch not found');
    return ok({ name: found.name, commit: commitJson(commit, repository), protected: false });
  }),
  onRepository('GET', '/commits', READ, (call) => commitList(call)),
  onRepository('GET', '/commits/{+ref}', READ, (call) => oneCommit(call)),
  onRepository('GET', '/compare/{+basehead}', READ, (call) => comparison(call)),
];

const branches = ({ git }: Repository) =>
  [...git.refs()]
    .filter(([name]) => name.startsWith('refs/heads/'))
    .map(([name, sha]) => ({ name: name.slice('refs/heads/'.length), sha }));

const commitList = async (call: RepositoryCall): Promise<RestAnswer> => {
  const { repository, query } = call;
  const from = query.get('sha') ?? repository.defaultBranch;
  const sha = await repository.git.resolve(from);
  if (sha === undefined) throw repository.git.refs().size === 0 ? emptyRepository() : notFound();
  const { items, headers } = paged(await repository.git.log([sha]), call);
  return ok(
    items.map((commit) => commitJson(commit, repository)),
    headers,
  );
};

const emptyRepository = () => new GitHubError(409, 'Git Repository is empty.');

const oneCommit = async ({ repository, params, accept }: RepositoryCall): Promise<RestAnswer> => {
  const sha = await repository.git.resolve(params['ref'] ?? '');
  const commit = sha && (await repository.git.commit(sha));
  if (!commit) throw new GitHubError(422, `No commit found for SHA: ${params['ref']}`);
  if (/[.]sha\b/.test(accept)) return { status: 200, raw: Buffer.from(commit.sha) };
  const files = await changedFiles(repository.git.directory, commit.parents[0] ?? EMPTY_TREE, commit.sha);
  const sum = (key: 'additions' | 'deletions') => files.reduce((total, file) => total + file[key], 0);
  const [additions, deletions] = [sum('additions'), sum('deletions')];
  return ok({
    ...commitJson(commit, repository),
    stats: { total: additions + deletions, additions, deletions },
    files: files.slice(0, MOST_FILES).map((file) => fileJson(file, commit.sha, repository)),
  });
};

const comparison = async (call: RepositoryCall): Promise<RestAnswer> => {
  const { repository, params } = call;
  const { git, url, htmlUrl } = repository;
  const [baseName = '', headName = ''] = (params['basehead'] ?? '').split('...');
  const [base, head] = [await git.resolve(baseName), await git.resolve(headName)];
  if (!base || !head) throw notFound();
  const merge = await git.mergeBase(base, head);
  if (!merge) throw new GitHubError(404, `No common ancestor between ${baseName} and ${headName}.`);
  const { ahead, behind } = await git.countApart(base, head);
  const [baseCommit, mergeCommit] = [await git.commit(base), await git.commit(merge)];
  const commits = await git.log(['--reverse', `${base}..${head}`]);
  const files = await changedFiles(git.directory, merge, head);
  const { items, headers } = call.query.has('page')
    ? paged(commits, call)
    : { items: commits.slice(-MOST_COMMITS), headers: {} };
  const path = `${htmlUrl}/compare/${baseName}...${headName}`;
  return ok(
    {
      url: `${url}/compare/${baseName}...${headName}`,
      html_url: path,
      permalink_url: `${htmlUrl}/compare/${base}...${head}`,
      diff_url: `${path}.diff`,
      patch_url: `${path}.patch`,
      base_commit: baseCommit && commitJson(baseCommit, repository),
      merge_base_commit: mergeCommit && commitJson(mergeCommit, repository),
      status: relation(ahead, behind),
      ahead_by: ahead,
      behind_by: behind,
      total_commits: commits.length,
      commits: items.map((commit) => commitJson(commit, repository)),
      files: files.slice(0, MOST_FILES).map((file) => fileJson(file, head, repository)),
    },
    headers,
  );
};

const relation = (ahead: number, behind: number): string => {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
};
