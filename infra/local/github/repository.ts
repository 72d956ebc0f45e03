import type { GitRepository } from './git-repository.ts';

/** A repository as it is declared. */
export interface RepositorySpec {
  readonly owner: string;
  readonly name: string;
  readonly id: number;
  readonly defaultBranch: string;
}

/** A repository of the embedded GitHub: what it is, where it lies, and under which addresses. */
export interface Repository extends RepositorySpec {
  readonly git: GitRepository;
  /** Of the REST API: `{api}/repos/{owner}/{name}`. */
  readonly url: string;
  readonly htmlUrl: string;
  readonly cloneUrl: string;
}

export const fullName = ({ owner, name }: Pick<RepositorySpec, 'owner' | 'name'>): string => `${owner}/${name}`;

export const nodeId = (kind: string, id: number | string): string =>
  Buffer.from(`0${kind.length}:${kind}${id}`).toString('base64');

/** The account that owns a repository; its id derives from the name, since nobody declares one. */
export const ownerJson = (owner: string, api: string) => {
  const id = [...owner].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 90_000_000, 7) + 1_000_000;
  const url = `${api}/users/${owner}`;
  return {
    login: owner,
    id,
    node_id: nodeId('User', id),
    avatar_url: '',
    gravatar_id: '',
    url,
    html_url: `${api}/${owner}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: 'User',
    site_admin: false,
  };
};

/** A repository as the REST API and the deliveries show it (https://docs.github.com/en/rest/repos/repos). */
export const repositoryJson = (repository: Repository) => {
  const { owner, name, id, url, htmlUrl, cloneUrl, defaultBranch } = repository;
  const api = url.slice(0, url.indexOf('/repos/'));
  return {
    id,
    node_id: nodeId('Repository', id),
    name,
    full_name: `${owner}/${name}`,
    private: true,
    owner: { name: owner, email: null, ...ownerJson(owner, api) },
    html_url: htmlUrl,
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(URL_TEMPLATES.map(([key, suffix]) => [key, `${url}${suffix}`])),
    created_at: '2024-01-01T00:00:00Z',
    updated_at: '2024-01-01T00:00:00Z',
    pushed_at: '2024-01-01T00:00:00Z',
    git_url: cloneUrl,
    ssh_url: cloneUrl,
    clone_url: cloneUrl,
    svn_url: htmlUrl,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    ...Object.fromEntries(COUNTS.map((key) => [key, 0])),
    ...Object.fromEntries(FEATURES.map((key) => [key, false])),
    visibility: 'private',
    topics: [],
    allow_forking: false,
    custom_properties: {},
    default_branch: defaultBranch,
  };
};

const URL_TEMPLATES = [
  ['forks_url', '/forks'],
  ['keys_url', '/keys{/key_id}'],
  ['collaborators_url', '/collaborators{/collaborator}'],
  ['teams_url', '/teams'],
  ['hooks_url', '/hooks'],
  ['issue_events_url', '/issues/events{/number}'],
  ['events_url', '/events'],
  ['assignees_url', '/assignees{/user}'],
  ['branches_url', '/branches{/branch}'],
  ['tags_url', '/tags'],
  ['blobs_url', '/git/blobs{/sha}'],
  ['git_tags_url', '/git/tags{/sha}'],
  ['git_refs_url', '/git/refs{/sha}'],
  ['trees_url', '/git/trees{/sha}'],
  ['statuses_url', '/statuses/{sha}'],
  ['languages_url', '/languages'],
  ['stargazers_url', '/stargazers'],
  ['contributors_url', '/contributors'],
  ['subscribers_url', '/subscribers'],
  ['subscription_url', '/subscription'],
  ['commits_url', '/commits{/sha}'],
  ['git_commits_url', '/git/commits{/sha}'],
  ['comments_url', '/comments{/number}'],
  ['issue_comment_url', '/issues/comments{/number}'],
  ['contents_url', '/contents/{+path}'],
  ['compare_url', '/compare/{base}...{head}'],
  ['merges_url', '/merges'],
  ['archive_url', '/{archive_format}{/ref}'],
  ['downloads_url', '/downloads'],
  ['issues_url', '/issues{/number}'],
  ['pulls_url', '/pulls{/number}'],
  ['milestones_url', '/milestones{/number}'],
  ['notifications_url', '/notifications{?since,all,participating}'],
  ['labels_url', '/labels{/name}'],
  ['releases_url', '/releases{/id}'],
  ['deployments_url', '/deployments'],
] as const;

const COUNTS = [
  'size',
  'stargazers_count',
  'watchers_count',
  'forks_count',
  'open_issues_count',
  'forks',
  'open_issues',
  'watchers',
] as const;

const FEATURES = [
  'has_issues',
  'has_projects',
  'has_downloads',
  'has_wiki',
  'has_pages',
  'archived',
  'is_template',
  'web_commit_signoff_required',
  'disabled',
] as const;
