import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Octokit } from '@octokit/core';
import type { GitHub } from '../../../infra/local/github/github.ts';
import { openStore } from '../../../infra/local/store.ts';
import { testWorld } from '../test-world.ts';
import { cloned, REPO, startedGitHub, temporary } from './github-fixture.ts';

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

let github: GitHub;
let octokit: Octokit;
let copy: Awaited<ReturnType<typeof cloned>>;
let sha: string;
const store = openStore();
const world = testWorld({ store });
let directory: string;

beforeAll(async () => {
  directory = temporary(cleanups);
  ({ github, octokit } = await startedGitHub(cleanups, { world, directory }));
  copy = await cloned(github, cleanups);
  // Whatever test comes first, its commit has a parent.
  copy.commit('first', { 'a.txt': 'first' });
});
// Each test has a commit of its own.
beforeEach(async () => {
  sha = copy.commit('next', { 'a.txt': `${Math.random()}` });
  await copy.remote('push', '--quiet', 'origin', 'main');
});

const check = (more: object = {}) =>
  octokit.request('POST /repos/{owner}/{repo}/check-runs', {
    ...REPO,
    name: 'deploy',
    head_sha: sha,
    ...more,
  } as never);
const patch = (check_run_id: number, more: object) =>
  octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', { ...REPO, check_run_id, ...more } as never);
const deploy = (more: object = {}) =>
  octokit.request('POST /repos/{owner}/{repo}/deployments', {
    ...REPO,
    ref: sha,
    required_contexts: [],
    ...more,
  } as never);
const idOf = ({ data }: { data: object }) => ('id' in data ? Number(data.id) : 0);

test('a check run goes from queued to completed, with its output', async () => {
  const made = await check({ details_url: 'https://slipway/x', external_id: 'd1' });
  expect(made.status).toBe(201);
  expect(made.data).toMatchObject({
    status: 'queued',
    conclusion: null,
    external_id: 'd1',
    details_url: 'https://slipway/x',
  });
  const id = idOf(made);
  expect((await patch(id, { status: 'in_progress' })).data).toMatchObject({
    status: 'in_progress',
    completed_at: null,
  });
  const done = await patch(id, { conclusion: 'success', output: { title: 'Done', summary: '2 steps', text: 'all' } });
  expect(done.data).toMatchObject({
    status: 'completed',
    conclusion: 'success',
    completed_at: expect.any(String),
    output: { title: 'Done', summary: '2 steps', text: 'all', annotations_count: 0 },
  });
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/check-runs/{check_run_id}', {
    ...REPO,
    check_run_id: id,
  });
  expect(data).toEqual(done.data);
  expect(github.checkRuns(sha)).toMatchObject([{ id, name: 'deploy', conclusion: 'success' }]);
});

test('annotations add up over requests, fifty at most in each', async () => {
  const annotation = (line: number) => ({
    path: 'o5.yaml',
    start_line: line,
    end_line: line,
    annotation_level: 'failure',
    message: `line ${line}`,
  });
  const output = (count: number) => ({
    title: 't',
    summary: 's',
    annotations: Array.from({ length: count }, (_, index) => annotation(index + 1)),
  });
  const id = idOf(await check({ output: output(50) }));
  await patch(id, { output: output(2) });
  await expect(patch(id, { output: output(51) })).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('No more than 50 items are allowed'),
  });
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations', {
    ...REPO,
    check_run_id: id,
    per_page: 100,
  });
  expect(data).toHaveLength(52);
});

test.each([
  ['no name', { name: undefined }, '"name" wasn\'t supplied.'],
  ['an unknown commit', { head_sha: 'f'.repeat(40) }, 'No commit found for SHA: '],
  ['no conclusion', { status: 'completed' }, 'A conclusion is required'],
  ['an odd status', { status: 'odd' }, 'odd is not a member of'],
  ['an odd conclusion', { conclusion: 'great' }, 'great is not a member of'],
  ['no summary', { output: { title: 't' } }, '"summary" wasn\'t supplied.'],
  [
    'a long summary',
    { output: { title: 't', summary: 'x'.repeat(65_536) } },
    'Only 65535 characters are allowed for summary.',
  ],
])('a check run with %s is refused', async (_, wrong, message) => {
  await expect(check(wrong)).rejects.toMatchObject({ status: 422, message: expect.stringContaining(message) });
  expect(github.checkRuns(sha)).toEqual([]);
});

test('of check runs of one name the last one counts, unless all are asked for', async () => {
  await check();
  const last = idOf(await check({ conclusion: 'failure' }));
  await check({ name: 'other' });
  const list = async (more: object = {}) =>
    (await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', { ...REPO, ref: 'main', ...more }))
      .data;
  expect(await list()).toMatchObject({ total_count: 2, check_runs: [{ name: 'other' }, { id: last }] });
  expect((await list({ filter: 'all' })).total_count).toBe(3);
  expect((await list({ check_name: 'other' })).total_count).toBe(1);
  expect((await list({ status: 'completed' })).total_count).toBe(1);
});

test('a deployment is made, listed and followed by statuses', async () => {
  const made = await deploy({ environment: 'prod', payload: { fence: 3 }, description: 'release' });
  expect(made.data).toMatchObject({ sha, environment: 'prod', payload: { fence: 3 }, task: 'deploy' });
  const id = idOf(made);
  const status = (more: object) =>
    octokit.request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
      ...REPO,
      deployment_id: id,
      ...more,
    } as never);
  await status({ state: 'in_progress', log_url: 'https://slipway/log' });
  await expect(status({ state: 'odd' })).rejects.toMatchObject({ status: 422 });
  await expect(status({ state: 'success', description: 'x'.repeat(141) })).rejects.toMatchObject({ status: 422 });
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
    ...REPO,
    deployment_id: id,
  });
  expect(data).toMatchObject([{ state: 'in_progress', log_url: 'https://slipway/log', environment: 'prod' }]);
  const { data: listed } = await octokit.request('GET /repos/{owner}/{repo}/deployments', {
    ...REPO,
    sha,
    environment: 'prod',
  });
  expect(listed.map((each) => each.id)).toEqual([id]);
  expect(github.deployments(sha)).toMatchObject([{ id, statuses: [{ state: 'in_progress' }] }]);
  await expect(deploy({ ref: 'none' })).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('No ref found for: none'),
  });
});

test('a success makes earlier successes of the environment inactive', async () => {
  const environment = 'staging';
  const succeed = async () => {
    const deployment_id = idOf(await deploy({ environment }));
    await octokit.request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
      ...REPO,
      deployment_id,
      state: 'success',
    });
  };
  await succeed();
  await succeed();
  expect(github.deployments(sha).map(({ statuses }) => statuses.map(({ state }) => state))).toEqual([
    ['success'],
    ['inactive', 'success'],
  ]);
});

test('an open check blocks a deployment unless no contexts are required', async () => {
  await check({ status: 'in_progress' });
  const blocked = deploy({ required_contexts: undefined });
  await expect(blocked).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('Conflict: Commit status checks failed for'),
  });
  expect((await deploy()).status).toBe(201);
});

test('a branch behind the default branch is not deployed without auto_merge: false', async () => {
  await copy.remote('push', '--quiet', '--force', 'origin', 'main~1:refs/heads/old');
  await expect(deploy({ ref: 'old' })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('Conflict merging main into old'),
  });
  expect((await deploy({ ref: 'old', auto_merge: false })).status).toBe(201);
});

test('commit statuses are kept per commit, the newest first', async () => {
  const put = (more: object) =>
    octokit.request('POST /repos/{owner}/{repo}/statuses/{sha}', { ...REPO, sha, ...more } as never);
  await put({ state: 'pending', context: 'slipway/prod' });
  await put({ state: 'success', context: 'slipway/prod', target_url: 'https://slipway' });
  await expect(put({ state: 'odd' })).rejects.toMatchObject({ status: 422 });
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/statuses', { ...REPO, ref: sha });
  expect(data).toMatchObject([{ state: 'success', target_url: 'https://slipway' }, { state: 'pending' }]);
  expect(github.statuses(sha)).toHaveLength(2);
});

test('what was written is there after a restart', async () => {
  await check({ conclusion: 'success' });
  await deploy({ environment: 'restart' });
  const again = await startedGitHub(cleanups, { world, directory });
  expect(again.github.checkRuns(sha)).toMatchObject([{ conclusion: 'success' }]);
  expect(again.github.deployments(sha)).toMatchObject([{ environment: 'restart' }]);
});
