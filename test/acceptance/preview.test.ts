import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deploy } from '../../bin/commands/deploy.ts';
import { plan } from '../../bin/commands/plan.ts';
import { status } from '../../bin/commands/status.ts';
import { writeEndpoint } from '../../bin/local/endpoint-file.ts';
import { RELEASES } from '../../bin/local/working-clone.ts';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import type { Preview } from '../../functions/domain/plan/preview.ts';
import { type Answered, owner } from '../bin/owner.ts';
import { fingerprint } from '../support/fingerprint.ts';
import { type Branch, type Files, startTestSlipway, type TestSlipway } from '../support/slipway.ts';

// A branch that deploys nowhere by itself: an operator asks what a deployment would do, then asks for it. The tests only
// read what was told once, in order.
const STACK = 'dev-shop';
const SHOP = '000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop';

interface Chapter {
  readonly asked: Answered;
  readonly preview: Preview & { readonly graph: { readonly steps: readonly string[] } };
  readonly before: object;
  readonly after: object;
  readonly deployed: Answered;
  readonly deployment: Deployment | undefined;
}

let slipway: TestSlipway;
let type: ReturnType<typeof owner>;
const chapters = new Map<string, Chapter>();
const answered: Record<string, Answered> = {};
let refusedCommit: string;

const situations = [
  ['01-first-release', 'BEFORE', 'templates'],
  ['02-new-greeting', 'NOP', 'change-set'],
  ['03-faster-search', 'PARALLEL', 'change-set'],
  ['05-large-prices', 'DOWNTIME', 'change-set'],
] as const;

beforeAll(async () => {
  // No sweeper: whatever changes was changed by what is told here.
  slipway = await startTestSlipway({ schedules: false });
  const { directory, cloud, github, url, outputs } = slipway;
  const { endpoint, region } = cloud;
  writeEndpoint(directory, { pid: process.pid, endpoint, region, gitHubApiUrl: github.apiUrl, url, outputs });
  type = owner(directory);
  const branch = await slipway.branch('unrelated/previewed');
  for (const [release] of situations) chapters.set(release, await tell(branch, release));
  answered['again'] = await type(deploy, ['dev'], { commit: commitOf('05-large-prices'), id: 'key-05-large-prices' });
  await tellRefused(branch);
  await tellMissingImage(branch);
}, 240_000);

afterAll(() => slipway?.stop());

const tell = async (branch: Branch, release: string): Promise<Chapter> => {
  const commit = await branch.push(filesOf(release));
  await slipway.github.settled();
  const before = await fingerprint(slipway);
  const asked = await type(plan, ['dev'], { commit, actor: 'ada' }, ['json']);
  const after = await fingerprint(slipway);
  const deployed = await type(deploy, ['dev'], { commit, id: `key-${release}`, actor: 'ada' }, ['wait']);
  const deployment = (await slipway.ports.deployments.listOfStack(STACK, 50)).find(({ version }) => version === commit);
  return { asked, preview: JSON.parse(asked.out[0] ?? '{}'), before, after, deployed, deployment };
};

const tellRefused = async (branch: Branch) => {
  const file = filesOf('01-first-release')['ext/o5/app.yaml'] ?? '';
  refusedCommit = await branch.push({ 'ext/o5/app.yaml': file.replace('demand: LIGHT', 'demnad: LIGHT') });
  answered['refused'] = await type(plan, ['dev'], { commit: refusedCommit });
  await branch.push({ 'ext/o5/app.yaml': file });
  answered['conflict'] = await type(deploy, ['dev'], { ref: branch.name }, ['quick', 'db-only']);
  answered['unclear'] = await type(plan, ['dve']);
};

/** A request whose image nobody has built yet. */
const tellMissingImage = async (branch: Branch) => {
  const commit = await branch.push({ 'README.md': 'Without an image' });
  await slipway.github.settled();
  slipway.cloud.images.remove(SHOP, commit);
  answered['planned without image'] = await type(plan, ['dev'], { ref: branch.name }, ['mermaid']);
  answered['waits'] = await type(deploy, ['dev'], { ref: branch.name, id: 'imageless' });
  answered['status'] = await type(status, [STACK]);
  answered['status as JSON'] = await type(status, [], {}, ['json']);
};

const filesOf = (release: string): Files => {
  const root = join(RELEASES, release);
  const names = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(root.length + 1), readFileSync(path, 'utf8')];
    }),
  );
};

const chapter = (release: string): Chapter => {
  const told = chapters.get(release);
  if (!told) throw new Error(`${release} was not told`);
  return told;
};
const commitOf = (release: string) => chapter(release).preview.version;

describe.each(situations)('Before %s is deployed in mode %s', (release, mode, basis) => {
  test('the preview has the very plan that the deployment then runs by', () => {
    const { asked, preview, deployed, deployment } = chapter(release);
    expect(asked.code).toBe(0);
    expect(preview).toMatchObject({ outcome: 'PLANNED', basis, evaluation: { plan: { mode } } });
    expect(deployed.code).toBe(0);
    expect(deployment).toMatchObject({ status: 'DONE', plan: { mode }, actor: 'ada' });
    // Release, mode, changes and pending migrations: the hash that a person would sign.
    expect(preview.evaluation).toMatchObject({ plan: { hash: deployment?.plan?.hash } });
    const { outcome: _, ...evaluation } = preview.evaluation;
    expect(evaluation).toMatchObject({
      plan: { reasons: expect.arrayContaining([...(deployment?.plan?.reasons ?? [])]) },
    });
  });

  test('the preview names the very steps that the deployment then takes', () => {
    const { preview, deployment } = chapter(release);
    const steps = preview.graph.steps.filter((step) => step !== 'Done');
    expect(steps.toSorted()).toEqual(Object.keys(deployment?.steps ?? {}).toSorted());
  });

  test('asking changed nothing: no record, stack, service, secret, role or table', () => {
    const { before, after } = chapter(release);
    expect(after).toEqual(before);
  });
});

test('a deployment leaves its mark on everything that was compared', () => {
  const [before, after] = [chapter('01-first-release').after, chapter('02-new-greeting').before];
  const changed = Object.entries(after).filter(([name, value]) => {
    const earlier = Object.entries(before).find(([known]) => known === name)?.[1];
    return JSON.stringify(earlier) !== JSON.stringify(value);
  });
  expect(changed.map(([name]) => name)).toEqual(Object.keys(after));
});

test('who waits sees the steps, and who asks again under the same key gets the same deployment', () => {
  const { out } = chapter('05-large-prices').deployed;
  expect(out.join('\n')).toMatch(/: ScaleDown DONE after .*: ScaleUp DONE after .*: DONE\n.* runs, after /s);
  expect(answered['again']?.out).toEqual([expect.stringMatching(/^m-\w+ \(\w{7}\) ended DONE\.$/)]);
});

test('a refused configuration is told with its places, and the commit is not marked', () => {
  const { code, out = [] } = answered['refused'] ?? {};
  expect(code).toBe(1);
  expect(out[0]).toBe('✘ There is no plan (REJECTED): The application file is not valid');
  expect(out[1]).toMatch(/^ {2}ext\/o5\/app\.yaml:\d+:\d+ .*demnad: unknown key .*did you mean "demand"/);
  expect(slipway.github.checkRuns(refusedCommit)).toEqual([]);
});

test('what cannot go together, or does not exist, is refused before anything is started', () => {
  expect(answered['conflict']?.aside).toEqual([
    expect.stringMatching(/^quick and db-only cannot go together: .* Nothing was started\.$/),
  ]);
  expect(answered['unclear']?.aside).toEqual(['There is no environment dve; did you mean dev? Configured: dev.']);
});

test('a missing image is shown by the plan; a deployment says that it waits, and so does the status', () => {
  const planned = answered['planned without image'];
  expect(planned?.code).toBe(0);
  expect(planned?.out.join('\n')).toMatch(/Image .*\/shop:\w{40} does not exist yet.*flowchart TD\n {2}StackWait/s);
  expect(answered['waits']).toMatchObject({
    code: 0,
    out: [expect.stringMatching(/^It waits for .*\/shop:\w{40}, and goes on by itself/)],
  });
  expect(answered['status']?.out[1]).toMatch(/^ {2}not queued yet: request imageless, .*: waits for .*\/shop:\w{40}$/);
  expect(JSON.parse(answered['status as JSON']?.out[0] ?? '[]')).toMatchObject([
    { stack: { name: STACK, queue: [] }, queued: [], blocked: [], waits: [{ requestId: 'imageless' }] },
  ]);
});
