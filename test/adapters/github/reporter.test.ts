import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { gitHubInstallations } from '../../../functions/adapters/github/installation.ts';
import { gitHubReporter } from '../../../functions/adapters/github/reporter.ts';
import type { CheckReport } from '../../../functions/domain/report.ts';
import type { Reporter } from '../../../functions/ports.ts';
import type { GitHub } from '../../../infra/local/github/github.ts';
import { APP_ID, cloned, INSTALLATION, privateKey, startedGitHub } from '../../local/github/github-fixture.ts';

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const repository = { id: '501', owner: 'acme', name: 'shop', installationId: String(INSTALLATION) };
let github: GitHub;
let reporter: Reporter;
let commit: string;

beforeAll(async () => {
  ({ github } = await startedGitHub(cleanups));
  const copy = await cloned(github, cleanups);
  commit = copy.commit('first', { 'o5.yaml': 'name: shop\n' });
  await copy.remote('push', '--quiet', 'origin', 'main');
  reporter = gitHubReporter(gitHubInstallations(async () => ({ appId: APP_ID, privateKey }), github.apiUrl));
});

const report = (more: Partial<CheckReport> = {}): CheckReport => ({
  name: 'slipway/prod/shop',
  commit,
  externalId: 'd-1',
  status: 'in_progress',
  title: 'prod: running',
  summary: 'words',
  annotations: [],
  ...more,
});
const annotation = (line: number) => ({ path: 'o5.yaml', line, message: `line ${line} is wrong` });

test('a check run is made once and then updated, to its end', async () => {
  const id = await reporter.check(repository, report());
  const made = () => github.checkRuns(commit).find((run) => run.id === id);
  expect(made()).toMatchObject({ name: 'slipway/prod/shop', externalId: 'd-1', status: 'in_progress' });
  expect(await reporter.check(repository, report({ status: 'success', title: 'prod: done' }), id)).toBe(id);
  expect(made()).toMatchObject({ status: 'completed', conclusion: 'success', output: { title: 'prod: done' } });
});

test.each(['queued', 'in_progress', 'success', 'failure', 'cancelled', 'neutral', 'action_required'] as const)(
  'GitHub takes the status %s',
  async (status) => {
    const id = await reporter.check(repository, report({ status }));
    const run = github.checkRuns(commit).find((one) => one.id === id);
    const open = status === 'queued' || status === 'in_progress';
    expect([run?.status, run?.conclusion ?? undefined]).toEqual(open ? [status, undefined] : ['completed', status]);
  },
);

test('the first 50 annotations are shown, and the summary counts the others', async () => {
  const annotations = Array.from({ length: 53 }, (_, index) => annotation(index + 1));
  const id = await reporter.check(repository, report({ status: 'failure', annotations }));
  const run = github.checkRuns(commit).find((one) => one.id === id);
  expect(run?.annotations).toHaveLength(50);
  expect(run?.output.summary).toBe('words\n\n3 more are not shown.');
});

test('an annotation stands at its line, and at its column where one is known', async () => {
  const annotations = [annotation(3), { ...annotation(4), column: 7 }];
  const id = await reporter.check(repository, report({ status: 'failure', annotations }));
  expect(github.checkRuns(commit).find((one) => one.id === id)?.annotations).toMatchObject([
    { path: 'o5.yaml', start_line: 3, end_line: 3, annotation_level: 'failure', message: 'line 3 is wrong' },
    { start_line: 4, start_column: 7, end_column: 7 },
  ]);
});

test('F25: a title and a summary that are too long for GitHub are cut, never in the middle of a character', async () => {
  const long = { title: 'x'.repeat(300), summary: `${'x'.repeat(65_530)}😀 and more` };
  const id = await reporter.check(repository, report(long));
  const output = github.checkRuns(commit).find((one) => one.id === id)?.output;
  expect(output).toMatchObject({ title: `${'x'.repeat(254)}…`, summary: `${'x'.repeat(65_530)}…` });
});

test('F25: a summary is counted in bytes, as GitHub does', async () => {
  const id = await reporter.check(repository, report({ summary: 'ü'.repeat(40_000) }));
  const summary = String(github.checkRuns(commit).find((one) => one.id === id)?.output.summary);
  expect(summary).toBe(`${'ü'.repeat(32_766)}…`);
});

test('a deployment gets statuses, the last of which stands', async () => {
  const id = await reporter.deployment(repository, { commit, environment: 'prod', description: 'shop by Slipway' });
  await reporter.deploymentStatus(repository, id, 'in_progress', 'prod: running');
  await reporter.deploymentStatus(repository, id, 'success', 'x'.repeat(200));
  const deployment = github.deployments(commit).find((one) => one.id === id);
  expect(deployment).toMatchObject({ environment: 'prod', description: 'shop by Slipway' });
  expect(JSON.stringify(deployment)).toContain(`"${'x'.repeat(139)}…"`);
});

test.each(['queued', 'in_progress', 'success', 'failure', 'error', 'inactive'] as const)(
  'GitHub takes the deployment state %s',
  async (state) => {
    const id = await reporter.deployment(repository, { commit, environment: state, description: '' });
    await expect(reporter.deploymentStatus(repository, id, state, 'words')).resolves.toBeUndefined();
  },
);

test.each([
  [500, 'Unavailable'],
  [429, 'Throttled'],
  [403, 'Throttled'],
])('an answer of %s is %s, whatever was told', async (status, name) => {
  const tell = [
    () => reporter.check(repository, report()),
    () => reporter.deployment(repository, { commit, environment: 'prod', description: '' }),
    () => reporter.deploymentStatus(repository, 1, 'success', ''),
  ];
  for (const one of tell) {
    github.fail(({ path }) => /check-runs|deployments/.test(path), 1, status);
    await expect(one()).rejects.toMatchObject({ name });
  }
});

test('what GitHub refuses is thrown as GitHub says it', async () => {
  await expect(reporter.check(repository, report({ commit: 'f'.repeat(40) }))).rejects.toMatchObject({ status: 422 });
  await expect(reporter.deploymentStatus(repository, 99_999, 'success', '')).rejects.toMatchObject({ status: 404 });
});
