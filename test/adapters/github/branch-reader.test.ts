import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { gitHubBranchReader } from '../../../functions/adapters/github/branch-reader.ts';
import { gitHubInstallations } from '../../../functions/adapters/github/installation.ts';
import type { BranchReader } from '../../../functions/ports.ts';
import type { GitHub } from '../../../infra/local/github/github.ts';
import { APP_ID, cloned, INSTALLATION, privateKey, startedGitHub } from '../../local/github/github-fixture.ts';

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const repository = { id: '501', owner: 'acme', name: 'shop', installationId: String(INSTALLATION) };
const stories = Array.from({ length: 130 }, (_, index) => `refs/heads/story/${index}`);

let github: GitHub;
let reader: BranchReader;
let commit = '';
let asked: string[] = [];

beforeAll(async () => {
  ({ github } = await startedGitHub(cleanups, {
    repositories: [
      { owner: 'acme', name: 'shop', id: 501, defaultBranch: 'main' },
      { owner: 'acme', name: 'empty', id: 502, defaultBranch: 'main' },
    ],
  }));
  const copy = await cloned(github, cleanups);
  commit = copy.commit('first', {});
  copy.git('tag', 'main-1');
  copy.git('branch', 'main-old');
  for (const story of stories) copy.git('update-ref', story, commit);
  // Into the repository itself: nobody is told of so many.
  copy.git('push', '--quiet', github.bareDirectory('acme', 'shop'), '--all');
  copy.git('push', '--quiet', github.bareDirectory('acme', 'shop'), 'main-1');
  // Never fires: it only listens.
  github.fail(
    ({ path }) => {
      asked.push(path);
      return false;
    },
    1,
    500,
  );
  reader = gitHubBranchReader(gitHubInstallations(async () => ({ appId: APP_ID, privateKey }), github.apiUrl));
});

test('branches are listed by the beginning of their names with their commits, and no tag among them', async () => {
  expect(await reader.list(repository, 'refs/heads/main')).toEqual({
    heads: { 'refs/heads/main': commit, 'refs/heads/main-old': commit },
    complete: true,
  });
  expect(await reader.list(repository, 'refs/heads/none')).toEqual({ heads: {}, complete: true });
});

test('pages are read to the end, where GitHub gives pages', async () => {
  asked = [];
  const { heads, complete } = await reader.list(repository, 'refs/heads/story/');
  expect([Object.keys(heads).sort(), complete]).toEqual([[...stories].sort(), true]);
  expect(asked.filter((path) => path.includes('matching-refs'))).toHaveLength(2);
});

test('a repository without a commit has no branches', async () => {
  expect(await reader.list({ ...repository, id: '502', name: 'empty' }, 'refs/heads/')).toEqual({
    heads: {},
    complete: true,
  });
});

test('GitHub that asks us to come back, or does not answer, is told apart', async () => {
  const isList = ({ path }: { path: string }) => path.includes('matching-refs');
  github.fail(isList, 1, 429);
  await expect(reader.list(repository, 'refs/heads/')).rejects.toMatchObject({ name: 'Throttled' });
  github.fail(isList, 1, 503);
  await expect(reader.list(repository, 'refs/heads/')).rejects.toMatchObject({ name: 'Unavailable' });
});
