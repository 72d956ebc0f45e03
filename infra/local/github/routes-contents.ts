import { posix } from 'node:path';
import type { TreeEntry } from './git-repository.ts';
import { GitHubError, notFound } from './github-error.ts';
import type { Repository } from './repository.ts';
import { ok, onRepository, type RepositoryCall, type RestAnswer, type Route } from './route.ts';
import { base64Lines } from './routes-git.ts';

// https://docs.github.com/en/rest/repos/contents#get-repository-content
const MOST_FILES = 1_000;
const MOST_BYTES = 1024 * 1024;

interface Place {
  readonly repository: Repository;
  /** The commit, and the name it was asked by. */
  readonly commit: string;
  readonly ref: string;
}

/** Files and folders at a ref: JSON, raw bytes, links and submodules. */
export const contentsRoutes: readonly Route[] = ['/{+path}', ''].map((path) =>
  onRepository('GET', `/contents${path}`, ['contents', 'read'], (call) => contents(call)),
);

const contents = async (call: RepositoryCall): Promise<RestAnswer> => {
  const { repository, query, params, accept } = call;
  const ref = query.get('ref') ?? repository.defaultBranch;
  const commit = await repository.git.resolve(ref);
  if (commit === undefined) throw missing(repository, ref);
  const place = { repository, commit, ref };
  const path = (params['path'] ?? '').replace(/^\/+|\/+$/g, '');
  const isPlain = path.split('/').every((part) => part !== '.' && part !== '..');
  const entry = isPlain ? await repository.git.entry(commit, path) : undefined;
  if (!entry) throw notFound();
  if (entry.type === 'tree') return folder(place, path, entry, accept);
  if (entry.mode === LINK) return link(place, entry, accept);
  return entry.type === 'commit' ? ok(submodule(place, entry)) : file(place, entry, accept);
};

const missing = ({ git }: Repository, ref: string) =>
  new GitHubError(404, git.refs().size === 0 ? 'This repository is empty.' : `No commit found for the ref ${ref}`);

const LINK = '120000';

const isRaw = (accept: string) => /[.]raw\b/.test(accept);

const folder = async (place: Place, path: string, { sha }: TreeEntry, accept: string): Promise<RestAnswer> => {
  const entries = await place.repository.git.tree(sha, false);
  const listed = entries.slice(0, MOST_FILES).map((entry) => {
    const type = entry.type === 'tree' ? 'dir' : entry.mode === LINK ? 'symlink' : 'file';
    return described(place, type, { ...entry, path: posix.join(path, entry.path) });
  });
  const isObject = /[.]object\b/.test(accept);
  return ok(
    isObject ? { ...described(place, 'dir', { mode: '040000', type: 'tree', sha, path }), entries: listed } : listed,
  );
};

const file = async (place: Place, entry: TreeEntry, accept: string): Promise<RestAnswer> => {
  if (isRaw(accept)) return { status: 200, raw: await place.repository.git.content(entry.sha) };
  const isLarge = (entry.size ?? 0) > MOST_BYTES;
  const content = isLarge ? '' : base64Lines(await place.repository.git.content(entry.sha));
  return ok({ ...described(place, 'file', entry), content, encoding: isLarge ? 'none' : 'base64' });
};

/** A link to a file of the repository shows that file; any other shows itself. */
const link = async (place: Place, entry: TreeEntry, accept: string): Promise<RestAnswer> => {
  const target = (await place.repository.git.content(entry.sha)).toString('utf8');
  const aim = posix.normalize(posix.join(posix.dirname(entry.path), target));
  const found =
    aim.startsWith('..') || target.startsWith('/') ? undefined : await place.repository.git.entry(place.commit, aim);
  if (found?.type === 'blob' && found.mode !== LINK) return file(place, { ...found, path: entry.path }, accept);
  return ok({ ...described(place, 'symlink', entry), target });
};

const submodule = (place: Place, entry: TreeEntry) => ({
  ...described(place, 'submodule', entry),
  submodule_git_url: null,
});

const described = ({ repository, ref }: Place, type: string, { path, sha, size = 0, type: gitType }: TreeEntry) => {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const url = `${repository.url}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const gitUrl = gitType === 'commit' ? null : `${repository.url}/git/${gitType}s/${sha}`;
  const htmlUrl = `${repository.htmlUrl}/${gitType}/${ref}/${encoded}`;
  return {
    type,
    size,
    name: posix.basename(path),
    path,
    sha,
    url,
    git_url: gitUrl,
    html_url: htmlUrl,
    download_url: gitType === 'blob' ? `${repository.htmlUrl}/raw/${ref}/${encoded}` : null,
    _links: { self: url, git: gitUrl, html: htmlUrl },
  };
};
