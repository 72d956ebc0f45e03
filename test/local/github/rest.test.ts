import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Octokit } from '@octokit/core';
import type { GitHub } from '../../../infra/local/github/github.ts';
import { cloned, REPO, startedGitHub } from './github-fixture.ts';

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

let github: GitHub;
let octokit: Octokit;
let copy: Awaited<ReturnType<typeof cloned>>;
const shas = { first: '', second: '', side: '', tag: '' };

beforeAll(async () => {
  ({ github, octokit } = await startedGitHub(cleanups));
  copy = await cloned(github, cleanups);
  const deep = Object.fromEntries(
    Array.from({ length: 5 }, (_, index) => [`db/migrations/${index}.sql`, `SELECT ${index};\n`]),
  );
  shas.first = copy.commit('first', { 'o5.yaml': 'name: shop\n', 'run.sh': { script: '#!/bin/sh\n' }, ...deep });
  copy.git('tag', '-a', 'v1', '-m', 'Version one');
  copy.git('checkout', '--quiet', '-b', 'feature/side');
  shas.side = copy.commit('side', { 'side.txt': 'x' });
  copy.git('checkout', '--quiet', 'main');
  shas.second = copy.commit('second\n\nwith a body', {
    'o5.yaml': 'name: shop\nmore: true\n',
    'docs/ü b.md': '# Hello\n',
    'link.yaml': { link: 'o5.yaml' },
    'away.txt': { link: '../../etc/passwd' },
    'large.bin': 'x'.repeat(1024 * 1024 + 1),
    'db/migrations/0.sql': null,
  });
  copy.git('update-index', '--add', '--cacheinfo', `160000,${shas.first},vendor/lib`);
  copy.git('commit', '--quiet', '-m', 'submodule');
  shas.second = copy.git('rev-parse', 'HEAD');
  await copy.remote('push', '--quiet', 'origin', 'main', 'feature/side', 'v1');
  shas.tag = copy.git('rev-parse', 'v1');
});

const get = async (route: string, parameters: object = {}) =>
  (await octokit.request(`GET /repos/{owner}/{repo}${route}`, { ...REPO, ...parameters })).data;

const decoded = (content: string) => Buffer.from(content, 'base64').toString('utf8');

test('the repository, in any case of its name, says its default branch', async () => {
  expect(await get('')).toMatchObject({ full_name: 'acme/shop', default_branch: 'main', id: 501, private: true });
  const { data } = await octokit.request('GET /repos/{owner}/{repo}', { owner: 'ACME', repo: 'Shop' });
  expect(data.full_name).toBe('acme/shop');
});

test('refs lead to commits and annotated tags to tags', async () => {
  expect(await get('/git/ref/{ref}', { ref: 'heads/main' })).toMatchObject({
    ref: 'refs/heads/main',
    object: { type: 'commit', sha: shas.second },
  });
  expect(await get('/git/ref/{ref}', { ref: 'heads/feature/side' })).toMatchObject({ object: { sha: shas.side } });
  expect(await get('/git/ref/{ref}', { ref: 'tags/v1' })).toMatchObject({ object: { type: 'tag', sha: shas.tag } });
  expect(await get('/git/tags/{sha}', { sha: shas.tag })).toMatchObject({
    tag: 'v1',
    message: 'Version one',
    object: { type: 'commit', sha: shas.first },
  });
  await expect(get('/git/ref/{ref}', { ref: 'heads/feature' })).rejects.toMatchObject({ status: 404 });
  const matching = await get('/git/matching-refs/{ref}', { ref: 'heads/fea' });
  expect(matching.map(({ ref }: { ref: string }) => ref)).toEqual(['refs/heads/feature/side']);
  expect(await get('/git/matching-refs/{ref}', { ref: 'heads/none' })).toEqual([]);
  expect(await get('/git/matching-refs/{ref}', { ref: 'heads/', per_page: 1 })).toHaveLength(1);
});

test('commits are read by SHA, and by any name a ref has', async () => {
  const commit = await get('/git/commits/{sha}', { sha: shas.first });
  expect(commit).toMatchObject({
    sha: shas.first,
    message: 'first',
    author: { name: 'Ada', email: 'ada@example.com', date: expect.stringMatching(/^[\d-]{10}T[\d:]{8}Z$/) },
    parents: [],
  });
  for (const ref of ['main', 'heads/main', 'refs/heads/main', shas.second, shas.second.slice(0, 9)])
    expect(await get('/commits/{ref}', { ref })).toMatchObject({ sha: shas.second });
  expect(await get('/commits/{ref}', { ref: 'v1' })).toMatchObject({ sha: shas.first });
  for (const ref of ['none', 'main~1', 'main:o5.yaml', 'main..v1'])
    await expect(get('/commits/{ref}', { ref })).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining(`No commit found for SHA: ${ref}`),
    });
  await expect(get('/git/commits/{sha}', { sha: 'f'.repeat(40) })).rejects.toMatchObject({ status: 404 });
});

test('a commit lists its files with what happened to them', async () => {
  const { files, stats } = await get('/commits/{ref}', { ref: shas.side });
  expect(files).toMatchObject([{ filename: 'side.txt', status: 'added', additions: 1, deletions: 0, changes: 1 }]);
  expect(stats).toEqual({ total: 1, additions: 1, deletions: 0 });
  const sha = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}', {
    ...REPO,
    ref: 'main',
    mediaType: { format: 'sha' },
  });
  expect(String(sha.data)).toBe(shas.second);
});

test('a tree is read folder by folder or as a whole, with modes, types and sizes', async () => {
  const root = await get('/git/trees/{tree_sha}', { tree_sha: shas.second });
  expect(root).toMatchObject({ sha: shas.second, truncated: false });
  const byPath = (tree: { path: string }[]) => Object.fromEntries(tree.map((entry) => [entry.path, entry]));
  expect(byPath(root.tree)).toMatchObject({
    db: { type: 'tree', mode: '040000' },
    'run.sh': { type: 'blob', mode: '100755', size: 10 },
    'link.yaml': { type: 'blob', mode: '120000' },
    vendor: { type: 'tree' },
  });
  const migrations = await get('/git/trees/{tree_sha}', { tree_sha: shas.second, recursive: '1' });
  expect(byPath(migrations.tree)).toMatchObject({
    'db/migrations': { type: 'tree' },
    'db/migrations/4.sql': { type: 'blob' },
    'docs/ü b.md': { type: 'blob' },
    'vendor/lib': { type: 'commit', mode: '160000', sha: shas.first },
  });
  const { data: named } = await octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
    ...REPO,
    tree_sha: 'feature/side',
  });
  expect(named.sha).toBe(shas.side);
  await expect(get('/git/trees/{tree_sha}', { tree_sha: 'none' })).rejects.toMatchObject({ status: 404 });
});

test('blobs come in base64 or raw', async () => {
  const { tree } = await get('/git/trees/{tree_sha}', { tree_sha: 'main' });
  const { sha } = tree.find(({ path }: { path: string }) => path === 'o5.yaml');
  const blob = await get('/git/blobs/{file_sha}', { file_sha: sha });
  expect(blob).toMatchObject({ sha, encoding: 'base64', size: 22 });
  expect(decoded(blob.content)).toBe('name: shop\nmore: true\n');
  const raw = await get('/git/blobs/{file_sha}', { file_sha: sha, mediaType: { format: 'raw' } });
  expect(Buffer.from(raw).toString()).toBe('name: shop\nmore: true\n');
});

test('contents show files, folders, links and submodules as GitHub does', async () => {
  const path = (name: string, more: object = {}) => get('/contents/{path}', { path: name, ...more });
  const file = await path('o5.yaml', { ref: 'v1' });
  expect(file).toMatchObject({ type: 'file', name: 'o5.yaml', encoding: 'base64', size: 11 });
  expect(decoded(file.content)).toBe('name: shop\n');
  expect(decoded((await path('docs/ü b.md')).content)).toBe('# Hello\n');
  expect(String(await path('o5.yaml', { mediaType: { format: 'raw' } }))).toBe('name: shop\nmore: true\n');
  const folder = await path('db/migrations');
  expect(folder.map((entry: { type: string; path: string }) => `${entry.type} ${entry.path}`)).toEqual([
    'file db/migrations/1.sql',
    'file db/migrations/2.sql',
    'file db/migrations/3.sql',
    'file db/migrations/4.sql',
  ]);
  const root = await get('/contents/');
  expect(root.map(({ name }: { name: string }) => name)).toContain('vendor');
  expect(decoded((await path('link.yaml')).content)).toBe('name: shop\nmore: true\n');
  expect(await path('away.txt')).toMatchObject({ type: 'symlink', target: '../../etc/passwd' });
  expect(await path('vendor/lib')).toMatchObject({ type: 'submodule', sha: shas.first });
  expect(await path('large.bin')).toMatchObject({ encoding: 'none', content: '', size: 1024 * 1024 + 1 });
  expect(String(await path('large.bin', { mediaType: { format: 'raw' } }))).toHaveLength(1024 * 1024 + 1);
  await expect(path('none.yaml')).rejects.toMatchObject({ status: 404, message: expect.stringContaining('Not Found') });
  await expect(path('o5.yaml', { ref: 'none' })).rejects.toMatchObject({
    message: expect.stringContaining('No commit found for the ref none'),
  });
});

test('a comparison says who is ahead, by how much, and from where', async () => {
  const compare = (base: string, head: string) => get('/compare/{basehead}', { basehead: `${base}...${head}` });
  const ahead = await compare('v1', 'main');
  expect(ahead).toMatchObject({ status: 'ahead', ahead_by: 2, behind_by: 0, total_commits: 2 });
  expect(ahead.merge_base_commit.sha).toBe(shas.first);
  expect(ahead.commits.at(-1).sha).toBe(shas.second);
  expect(
    ahead.files.map(({ filename, status }: { filename: string; status: string }) => `${status} ${filename}`),
  ).toEqual(expect.arrayContaining(['modified o5.yaml', 'removed db/migrations/0.sql', 'added docs/ü b.md']));
  expect(await compare('main', 'v1')).toMatchObject({ status: 'behind', ahead_by: 0, behind_by: 2 });
  expect(await compare('main', 'main')).toMatchObject({ status: 'identical', total_commits: 0 });
  expect(await compare('feature/side', 'main')).toMatchObject({
    status: 'diverged',
    ahead_by: 2,
    behind_by: 1,
    merge_base_commit: { sha: shas.first },
  });
  await expect(compare('main', 'none')).rejects.toMatchObject({ status: 404 });
});

test('branches are listed in pages that link to each other', async () => {
  const first = await octokit.request('GET /repos/{owner}/{repo}/branches', { ...REPO, per_page: 1 });
  expect(first.data.map(({ name }) => name)).toEqual(['feature/side']);
  const [, next = ''] = /<([^>]+)>; rel="next"/.exec(first.headers.link ?? '') ?? [];
  const second = await octokit.request(`GET ${next}`);
  expect(second.data).toMatchObject([{ name: 'main', commit: { sha: shas.second } }]);
  expect(await get('/branches/{branch}', { branch: 'feature/side' })).toMatchObject({ commit: { sha: shas.side } });
  await expect(get('/branches/{branch}', { branch: 'none' })).rejects.toMatchObject({ status: 404 });
});

test('a tree longer than the limit is cut off and says so', async () => {
  const small = await startedGitHub(cleanups, { treeLimit: { entries: 3, bytes: 10_000 } });
  const its = await cloned(small.github, cleanups);
  its.commit('first', { 'a/1': '', 'a/2': '', 'b/3': '' });
  await its.remote('push', '--quiet', 'origin', 'main');
  const tree = (recursive?: string) =>
    small.octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
      ...REPO,
      tree_sha: 'main',
      ...(recursive && { recursive }),
    });
  expect((await tree('1')).data).toMatchObject({
    truncated: true,
    tree: [{ path: 'a' }, { path: 'a/1' }, { path: 'a/2' }],
  });
  expect((await tree()).data.truncated).toBe(false);
});

test('an empty repository says that it is empty', async () => {
  const { octokit: client } = await startedGitHub(cleanups);
  const ref = client.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...REPO, ref: 'heads/main' });
  await expect(ref).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('Git Repository is empty.'),
  });
  const contents = client.request('GET /repos/{owner}/{repo}/contents/{path}', { ...REPO, path: 'o5.yaml' });
  await expect(contents).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining('This repository is empty.'),
  });
});
