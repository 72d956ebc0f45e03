import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { gitHubInstallations } from '../../../functions/adapters/github/installation.ts';
import { gitHubSourceReader } from '../../../functions/adapters/github/source-reader.ts';
import type { GitHubApp } from '../../../functions/domain/git-hub-app.ts';
import type { SourceReader } from '../../../functions/ports.ts';
import type { GitHub } from '../../../infra/local/github/github.ts';
import { APP_ID, cloned, INSTALLATION, privateKey, startedGitHub } from '../../local/github/github-fixture.ts';

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const repository = { id: '501', owner: 'acme', name: 'shop', installationId: String(INSTALLATION) };
const migrations = Array.from({ length: 25 }, (_, index) => `${String(index).padStart(3, '0')}_step.sql`);
const LFS = 'version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 12\n';

let github: GitHub;
let reader: SourceReader;
const shas = { first: '', main: '', side: '', orphan: '' };
const readerOf = (app: () => Promise<GitHubApp>) => gitHubSourceReader(gitHubInstallations(app, github.apiUrl));
const app = async () => ({ appId: APP_ID, privateKey });

beforeAll(async () => {
  ({ github } = await startedGitHub(cleanups));
  const copy = await cloned(github, cleanups);
  shas.first = copy.commit('first', { 'o5.yaml': 'name: shop\n', 'ext/o5/app.yaml': 'name: shop # ü\n' });
  copy.git('tag', '-a', 'v1', '-m', 'Version one');
  copy.git('tag', '-a', 'v1-again', 'v1', '-m', 'A tag of a tag');
  copy.git('tag', 'light');
  copy.git('checkout', '--quiet', '-b', 'feature/side');
  shas.side = copy.commit('side', { 'side.txt': 'x' });
  copy.git('checkout', '--quiet', '--orphan', 'orphan');
  shas.orphan = copy.commit('orphan', {});
  copy.git('checkout', '--quiet', 'main');
  shas.main = copy.commit('second', {
    ...Object.fromEntries(migrations.map((name) => [`db/migrations/${name}`, `SELECT '${name}';\n`])),
    'db/migrations/old/000_gone.sql': 'SELECT 0;\n',
    'db/README.md': '# Database\n',
    'linked.yaml': { link: 'o5.yaml' },
    linked: { link: 'db' },
    'pointers/large.bin': LFS,
    'links/inside.sql': { link: '../o5.yaml' },
  });
  await copy.remote('push', '--quiet', 'origin', 'main', 'feature/side', 'orphan');
  await copy.remote('push', '--quiet', 'origin', 'v1', 'v1-again', 'light');
  reader = readerOf(app);
});

test('a file is read at a commit, however deep it lies', async () => {
  expect(await reader.findFile(repository, shas.first, 'o5.yaml')).toEqual({
    path: 'o5.yaml',
    content: 'name: shop\n',
  });
  expect(await reader.findFile(repository, shas.first, 'ext/o5/app.yaml')).toEqual({
    path: 'ext/o5/app.yaml',
    content: 'name: shop # ü\n',
  });
});

test('what is not there, or is a folder, is no file', async () => {
  for (const path of ['none.yaml', 'ext/none.yaml', 'none/app.yaml', 'o5.yaml/app.yaml', 'ext/o5'])
    expect(await reader.findFile(repository, shas.first, path)).toBeUndefined();
});

test('the files of a folder come sorted, without those of its folders', async () => {
  const files = await reader.readFolder(repository, shas.main, 'db/migrations');
  expect(files).toEqual(migrations.map((name) => ({ path: `db/migrations/${name}`, content: `SELECT '${name}';\n` })));
  expect(await reader.readFolder(repository, shas.main, 'db/migrations/')).toEqual(files);
  expect((await reader.readFolder(repository, shas.first, ''))?.map(({ path }) => path)).toEqual(['o5.yaml']);
});

test('a folder that is not there, or is a file, is undefined', async () => {
  expect(await reader.readFolder(repository, shas.first, 'db/migrations')).toBeUndefined();
  expect(await reader.listFolder(repository, shas.first, 'o5.yaml')).toBeUndefined();
});

test('a folder lists its files and folders by name', async () => {
  expect(await reader.listFolder(repository, shas.main, 'db')).toEqual(['README.md', 'migrations']);
  expect(await reader.listFolder(repository, shas.first, '')).toEqual(['ext', 'o5.yaml']);
});

/** GitHub, whose tree of one folder is cut off. */
const truncated = (folder: string) => {
  const asInstallation = gitHubInstallations(app, github.apiUrl);
  const cut = (tree: { path: string; sha: string }[]) => tree.find(({ path }) => path === folder)?.sha;
  let sha: string | undefined;
  return gitHubSourceReader((given, ask) =>
    asInstallation(given, (client, at) => {
      client.hook.after('request', (answer) => {
        const data = answer.data as { tree?: { path: string; sha: string }[]; sha?: string; truncated?: boolean };
        if (data.sha === sha && sha !== undefined) data.truncated = true;
        sha ??= cut(data.tree ?? []);
      });
      return ask(client, at);
    }),
  );
};

test.each([
  ['a file', () => reader.findFile(repository, shas.main, 'linked.yaml'), 'linked.yaml is a symbolic link'],
  ['a folder on the way', () => reader.readFolder(repository, shas.main, 'linked/migrations'), 'linked is a symbolic'],
  [
    'a file of a folder',
    () => reader.readFolder(repository, shas.main, 'links'),
    'links/inside.sql is a symbolic link',
  ],
  ['a file in Git LFS', () => reader.findFile(repository, shas.main, 'pointers/large.bin'), 'is kept in Git LFS'],
  ['a pointer in a folder', () => reader.readFolder(repository, shas.main, 'pointers'), 'pointers/large.bin is kept'],
  [
    'a folder that GitHub lists in part',
    () => truncated('db').readFolder(repository, shas.main, 'db'),
    'db is too large',
  ],
  [
    'a commit that is not there',
    () => reader.findFile(repository, 'f'.repeat(40), 'o5.yaml'),
    'acme/shop has no commit',
  ],
])('%s is refused by name instead of being read short', async (_, read, message) => {
  await expect(read()).rejects.toMatchObject({
    name: 'SourceUnreadable',
    message: expect.stringContaining(message),
    reason: { left: 'Nothing was changed', remedy: expect.stringContaining('push again') },
  });
});

test('a ref stands at its commit, tags of tags too', async () => {
  expect(await reader.head(repository, 'refs/heads/main')).toBe(shas.main);
  expect(await reader.head(repository, 'refs/heads/feature/side')).toBe(shas.side);
  for (const tag of ['v1', 'v1-again', 'light'])
    expect(await reader.head(repository, `refs/tags/${tag}`)).toBe(shas.first);
});

test('a ref that is gone stands nowhere, and one that only begins like another is not taken for it', async () => {
  expect(await reader.head(repository, 'refs/heads/none')).toBeUndefined();
  expect(await reader.head(repository, 'refs/heads/feature')).toBeUndefined();
});

test('a commit stands ahead of, behind, beside or at its base', async () => {
  const compare = (base: string, commit: string) => reader.compare(repository, base, commit);
  expect(await compare(shas.first, shas.main)).toBe('ahead');
  expect(await compare(shas.main, shas.first)).toBe('behind');
  expect(await compare(shas.main, shas.side)).toBe('diverged');
  expect(await compare(shas.main, shas.main)).toBe('identical');
  expect(await compare('f'.repeat(40), shas.main)).toBe('unknown');
});

const failing = (status: number, times = 1, part = '/git/') =>
  github.fail(({ path }) => path.includes(part), times, status);

test.each([
  [500, 'Unavailable'],
  [502, 'Unavailable'],
  [503, 'Unavailable'],
  [403, 'Throttled'],
  [429, 'Throttled'],
])('an answer of %s is %s, and the next call goes through', async (status, name) => {
  failing(status);
  await expect(reader.head(repository, 'refs/heads/main')).rejects.toMatchObject({
    name,
    message: expect.stringContaining(`GitHub answered ${status}`),
  });
  expect(await reader.head(repository, 'refs/heads/main')).toBe(shas.main);
});

test('a server that nobody answers on is Unavailable', async () => {
  const nobody = gitHubSourceReader(gitHubInstallations(app, 'http://127.0.0.1:9'));
  await expect(nobody.head(repository, 'refs/heads/main')).rejects.toMatchObject({ name: 'Unavailable' });
});

test('one token serves many calls', async () => {
  let read = 0;
  const counted = readerOf(async () => {
    read += 1;
    return app();
  });
  await Promise.all([1, 2, 3].map(() => counted.head(repository, 'refs/heads/main')));
  expect(read).toBe(1);
});

test('a key that was replaced in its secret is read again after the first refusal', async () => {
  const old = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const keys = [String(old), privateKey];
  const rotated = readerOf(async () => ({ appId: APP_ID, privateKey: keys.shift() ?? privateKey }));
  await expect(rotated.head(repository, 'refs/heads/main')).rejects.toMatchObject({ name: 'Unavailable' });
  expect(await rotated.head(repository, 'refs/heads/main')).toBe(shas.main);
});

test('a secret that could not be read is read again by the next call', async () => {
  let broken = true;
  const late = readerOf(async () => {
    if (broken) throw Object.assign(new Error('no'), { name: 'ThrottlingException' });
    return app();
  });
  await expect(late.head(repository, 'refs/heads/main')).rejects.toMatchObject({ name: 'ThrottlingException' });
  broken = false;
  expect(await late.head(repository, 'refs/heads/main')).toBe(shas.main);
});

test('an installation that is gone is said, and not taken for a file that is missing', async () => {
  const elsewhere = { ...repository, installationId: '999' };
  const refusal = {
    name: 'SourceUnreadable',
    message: 'GitHub knows no installation 999 of the App, which should give access to acme/shop',
  };
  await expect(reader.findFile(elsewhere, shas.main, 'o5.yaml')).rejects.toMatchObject(refusal);
  await expect(reader.head(elsewhere, 'refs/heads/main')).rejects.toMatchObject(refusal);
  await expect(reader.compare(elsewhere, shas.first, shas.main)).rejects.toMatchObject(refusal);
});

test('a repository out of reach is said as well', async () => {
  const hidden = { ...repository, name: 'hidden' };
  await expect(reader.findFile(hidden, shas.main, 'o5.yaml')).rejects.toMatchObject({ name: 'SourceUnreadable' });
  expect(await reader.head(hidden, 'refs/heads/main')).toBeUndefined();
});

test('a repository without a commit has no file and no head', async () => {
  const { github: fresh } = await startedGitHub(cleanups);
  const empty = gitHubSourceReader(gitHubInstallations(app, fresh.apiUrl));
  expect(await empty.head(repository, 'refs/heads/main')).toBeUndefined();
  await expect(empty.findFile(repository, shas.main, 'o5.yaml')).rejects.toMatchObject({ name: 'SourceUnreadable' });
});

test('what was read is what git itself gives', () => {
  const bare = github.bareDirectory('acme', 'shop');
  const listed = execFileSync('git', ['--git-dir', bare, 'ls-tree', '--name-only', shas.main, 'db/migrations/']);
  expect(
    listed
      .toString()
      .split('\n')
      .filter((name) => name.endsWith('.sql')),
  ).toHaveLength(migrations.length);
});
