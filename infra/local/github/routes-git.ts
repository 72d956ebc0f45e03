import { gitCommitJson } from './commit-json.ts';
import type { TreeEntry } from './git-repository.ts';
import { GitHubError, notFound } from './github-error.ts';
import { nodeId, type Repository } from './repository.ts';
import { ok, onRepository, paged, type RepositoryCall, type Route } from './route.ts';

/** How long a recursive tree may get before it is cut off. */
export interface TreeLimit {
  readonly entries: number;
  readonly bytes: number;
}

// https://docs.github.com/en/rest/git/trees#get-a-tree
export const TREE_LIMIT: TreeLimit = { entries: 100_000, bytes: 7 * 1024 * 1024 };

const READ = ['contents', 'read'] as const;

/** Refs, commits, trees, blobs and annotated tags (https://docs.github.com/en/rest/git). */
export const gitRoutes = (treeLimit: TreeLimit): readonly Route[] => [
  onRepository('GET', '/git/ref/{+ref}', READ, async ({ repository, params }) => {
    const name = `refs/${params['ref']}`;
    const [ref] = await refsJson(repository, (each) => each === name);
    if (!ref) throw notFound();
    return ok(ref);
  }),
  onRepository('GET', '/git/matching-refs/{+ref}', READ, async (call) => {
    const refs = await refsJson(call.repository, (each) => each.startsWith(`refs/${call.params['ref']}`));
    // https://docs.github.com/en/rest/git/refs#list-matching-references knows no pages any more; who asks for a size gets them.
    if (!call.query.has('per_page')) return ok(refs);
    const { items, headers } = paged(refs, call);
    return ok(items, headers);
  }),
  onRepository('GET', '/git/commits/{sha}', READ, async ({ repository, params }) => {
    const { sha } = await getObject(repository, params['sha'], 'commit');
    const commit = await repository.git.commit(sha);
    if (!commit) throw notFound();
    return ok(gitCommitJson(commit, repository));
  }),
  onRepository('GET', '/git/tags/{sha}', READ, async ({ repository, params }) => {
    const { sha } = await getObject(repository, params['sha'], 'tag');
    return ok(tagJson(repository, sha, (await repository.git.content(sha)).toString('utf8')));
  }),
  onRepository('GET', '/git/trees/{+tree}', READ, (call) => tree(call, treeLimit)),
  onRepository('GET', '/git/blobs/{sha}', READ, async ({ repository, params, accept }) => {
    const { sha, size } = await getObject(repository, params['sha'], 'blob');
    const bytes = await repository.git.content(sha);
    if (/[.]raw\b/.test(accept)) return { status: 200, raw: bytes };
    const content = base64Lines(bytes);
    const node_id = nodeId('Blob', sha);
    return ok({ sha, node_id, size, url: `${repository.url}/git/blobs/${sha}`, content, encoding: 'base64' });
  }),
];

/** As GitHub sends it: lines of 60. */
export const base64Lines = (bytes: Buffer): string => bytes.toString('base64').replace(/.{1,60}/g, '$&\n');

const getObject = async ({ git }: Repository, sha: string | undefined, type: string) => {
  const object = await git.object(sha ?? '');
  if (object?.type !== type) throw notFound();
  return object;
};

const refsJson = async ({ git, url }: Repository, wanted: (name: string) => boolean) => {
  const all = [...git.refs()];
  if (all.length === 0) throw new GitHubError(409, 'Git Repository is empty.');
  const refs = all.filter(([name]) => wanted(name));
  const objects = await Promise.all(refs.map(([, sha]) => git.describe(sha)));
  return refs.map(([name, sha], index) => {
    const type = objects[index]?.type ?? 'commit';
    const object = { sha, type, url: `${url}/git/${type}s/${sha}` };
    return { ref: name, node_id: nodeId('Ref', name), url: `${url}/git/${name}`, object };
  });
};

/** `object`, `type`, `tag`, `tagger {name} <{email}> {seconds} {offset}`, an empty line, the message. */
const tagJson = ({ url }: Repository, sha: string, text: string) => {
  const [head = '', ...message] = text.split('\n\n');
  const field = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(head)?.[1] ?? '';
  const [, name = '', email = '', seconds = '0'] = /^(.*) <(.*)> (\d+) /.exec(field('tagger')) ?? [];
  const target = { sha: field('object'), type: field('type') };
  return {
    node_id: nodeId('Tag', sha),
    sha,
    url: `${url}/git/tags/${sha}`,
    tag: field('tag'),
    message: message.join('\n\n').trimEnd(),
    tagger: { name, email, date: `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z` },
    object: { ...target, url: `${url}/git/${target.type}s/${target.sha}` },
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null },
  };
};

const tree = async ({ repository, params, query }: RepositoryCall, limit: TreeLimit) => {
  const asked = params['tree'] ?? '';
  const { git, url } = repository;
  const object = await git.object(asked);
  const sha = object?.sha ?? (await git.resolve(asked));
  if (sha === undefined || object?.type === 'blob') throw notFound();
  const recursive = !['', '0', 'false'].includes(query.get('recursive') ?? '');
  const listed = (await git.tree(sha, recursive)).map((entry) => entryJson(entry, url));
  const kept = recursive ? within(listed, limit) : listed;
  return ok({ sha, url: `${url}/git/trees/${sha}`, tree: kept, truncated: kept.length < listed.length });
};

const entryJson = ({ path, mode, type, sha, size }: TreeEntry, url: string) => ({
  path,
  mode,
  type,
  sha,
  ...(size !== undefined && { size }),
  ...(type !== 'commit' && { url: `${url}/git/${type}s/${sha}` }),
});

const within = <T>(entries: readonly T[], { entries: most, bytes }: TreeLimit): readonly T[] => {
  let length = 0;
  const fits = (entry: T) => {
    length += JSON.stringify(entry).length;
    return length <= bytes;
  };
  const cut = entries.findIndex((entry, index) => index >= most || !fits(entry));
  return cut < 0 ? entries : entries.slice(0, cut);
};
