import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import { approveDeployment } from '../../functions/operations/approve-deployment.ts';
import { serviceFiles } from '../support/example-service.ts';
import { type Branch, startTestSlipway, type TestSlipway } from '../support/slipway.ts';
import { until } from '../support/until.ts';
import { logLines } from './leaps.ts';

// GitHub sends a delivery once. Whatever becomes of it on the way, its push deploys once, within one period.

const PERIOD_MILLIS = 5 * 60_000;
const STEP_MILLIS = 250;

let slipway: TestSlipway;
const starting = { from: 0, tookMillis: 0 };

/** An application that nobody reaches from outside. */
const files = (name: string) => {
  const worker = { name: 'main', containers: [{ name: 'main', demand: 'LIGHT', image: { name: 'shop' } }] };
  return {
    ...serviceFiles({ application: name, says: name }),
    'server.js': 'setInterval(() => {}, 1000);\n',
    'ext/o5/app.yaml': stringify({ name, runtimes: [worker] }),
  };
};

const pushed = async (name: string): Promise<string> => (await slipway.branch(`story/${name}`)).push(files(name));
const deploymentsOf = (application: string) => slipway.ports.deployments.listOfStack(`dev-${application}`, 50);
const isOf =
  (name: string) =>
  ({ ref = '' }: { readonly ref?: string | undefined }) =>
    ref.endsWith(`/${name}`);

/** What a metric of the look for lost pushes has come to. */
const counted = async (metric: string): Promise<number> =>
  (await logLines(slipway.cloud, /Reconcile/))
    .flatMap((line) => Number(new RegExp(`"${metric}":(\\d+)`).exec(line)?.[1] ?? 0))
    .reduce((sum, count) => sum + count, 0);

/**
 * Lives on until the next look has been taken. The schedule counts from when its rule was made, which was while Slipway
 * started; functions that run by then must not see more than that leap away, or their own time is over.
 */
const looked = async (): Promise<void> => {
  const { clock } = slipway;
  const before = await looks();
  const periods = Math.floor((clock.now() - starting.from) / PERIOD_MILLIS) + 1;
  const due = starting.from + periods * PERIOD_MILLIS;
  await clock.advance(due - clock.now());
  await until('a look for lost pushes', async () => {
    if (clock.now() < due + starting.tookMillis) await clock.advance(STEP_MILLIS);
    return (await looks()) > before;
  });
};

const looks = async (): Promise<number> =>
  (await logLines(slipway.cloud, /Reconcile/)).filter((line) => line.includes('"Reconciled"')).length;

const commits: Record<string, string> = {};
const ended: Record<string, Deployment> = {};
const lost = ['lost', 'refused', 'throttled', 'untold'];
const all = [...lost, 'tagged', 'faulty'];

const deliveryOf = (name: string) =>
  slipway.github.deliveries().find(({ payload }) => JSON.parse(payload).after === commits[name]);

beforeAll(async () => {
  starting.from = Date.now();
  slipway = await startTestSlipway();
  starting.tookMillis = slipway.clock.now() - starting.from;
  const { github, cloud } = slipway;
  await slipway.configure({
    environments: [{ fullName: 'dev-eager', supersede: true, approval: 'always' }],
    targets: [
      { branch: 'story/**', environment: 'dev' },
      { branch: 'burst', environment: 'dev-eager' },
      { tag: 'v*', environment: 'dev' },
    ],
  });
  commits['came'] = await pushed('came');
  github.lose(isOf('lost'), 1);
  github.failDelivery(isOf('refused'), 1, 500);
  github.failDelivery(isOf('throttled'), 10, 429);
  github.failDelivery(isOf('v1'), 1, 503);
  for (const name of ['lost', 'refused', 'throttled']) commits[name] = await pushed(name);
  // Lost afterwards: GitHub does not say where the branch stands for as long as the request's retries last.
  github.fail(({ path }) => decodeURIComponent(path).endsWith('/git/ref/heads/story/faulty'), 6, 502);
  commits['faulty'] = await pushed('faulty');
  const tagged = await slipway.branch('elsewhere/tagged');
  commits['tagged'] = await tagged.push(files('tagged'));
  await tagged.clone.git('tag', 'v1');
  await tagged.clone.git('push', '--quiet', 'origin', 'v1');
  await github.settled();
  // GitHub was killed after git had taken the push, and before anybody was told.
  const untold = await slipway.branch('story/untold');
  commits['untold'] = await pushedInto(github.bareDirectory('acme', 'shop'), untold);
  await cloud.images.publish('acme/shop', commits['untold']);
  await slipway.ended('dev-came', commits['came']);
  const request = slipway.executions.arnOf('request', deliveryOf('faulty')?.guid ?? '');
  await until('the end of a request by its fault', async () => {
    await slipway.clock.advance(10_000);
    return (await slipway.executions.find(request))?.status === 'FAILED';
  });
  for (const name of all) expect([name, (await deploymentsOf(name)).length]).toEqual([name, 0]);
  await looked();
  for (const name of all) ended[name] = await slipway.ended(`dev-${name}`, commits[name] ?? '');
}, 180_000);

const pushedInto = async (bareDirectory: string, { clone, push }: Branch): Promise<string> => {
  await clone.git('remote', 'set-url', '--push', 'origin', bareDirectory);
  return push(files('untold'));
};

afterAll(() => slipway?.stop());

describe('a push', () => {
  test.each(lost)('whose delivery was %s deploys within one period', (name) => {
    expect(ended[name]).toMatchObject({ status: 'DONE', actor: 'slipway', source: { after: commits[name] } });
  });

  test('of a tag whose delivery failed is sent again by GitHub, under its own guid', () => {
    const sent = slipway.github.deliveries().filter(({ payload }) => JSON.parse(payload).ref === 'refs/tags/v1');
    expect(sent.map(({ redelivery, result }) => [redelivery, result?.statusCode])).toEqual([
      [true, 202],
      [false, 503],
    ]);
    expect(ended['tagged']).toMatchObject({ status: 'DONE', source: { deliveryId: sent[0]?.guid } });
  });

  test('whose request a fault has ended is tried again, and ends as it would have', () => {
    expect(ended['faulty']).toMatchObject({ status: 'DONE', actor: 'acme', source: { after: commits['faulty'] } });
  });

  test('that was repaired and arrives after all is a duplicate', async () => {
    const { id = 0, guid = '' } = deliveryOf('refused') ?? {};
    expect((await slipway.github.redeliver(id))?.result).toMatchObject({ statusCode: 202 });
    const request = slipway.executions.arnOf('request', guid);
    await until('the late request', () => slipway.executions.find(request));
    expect(await slipway.executions.ended(request)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await deploymentsOf('refused')).toHaveLength(1);
  });

  test('that came normally is not deployed again, and neither is one that was repaired, however often is looked', async () => {
    const requests = (await slipway.executions.list('request')).length;
    await looked();
    await looked();
    expect(await slipway.executions.list('request')).toHaveLength(requests);
    for (const name of ['came', ...all]) expect([name, (await deploymentsOf(name)).length]).toEqual([name, 1]);
    const metrics = ['ReconciledPushes', 'Redeliveries', 'RepeatedRequests', 'ReconcileErrors'];
    expect(await Promise.all(metrics.map(counted))).toEqual([lost.length, 1, 1, 0]);
  });
});

test('of six pushes at once the first and the newest run, where newer ones take the place of those that wait', async () => {
  const { ports } = slipway;
  const branch = await slipway.branch('burst');
  const waiting = (commit: string) =>
    slipway.deployed('dev-eager-burst', commit, ({ plan }) => plan !== undefined, 'a plan that waits');
  const answer = async ({ id, plan }: Deployment, granted: boolean) => {
    const request = { deploymentId: id, hash: plan?.hash ?? '', actor: 'ada', granted };
    await until('the answer', async () => (await approveDeployment(ports, request)).kind === 'answered');
  };
  const last = async () => {
    const entry = (await ports.stacks.find('dev-eager-burst'))?.queue.at(-1);
    return entry && (await ports.deployments.find(entry.deploymentId))?.version;
  };
  const holder = await waiting(await branch.push(files('burst')));
  const others: string[] = [];
  for (const n of [2, 3, 4, 5, 6]) {
    const commit = await branch.push({ ...files('burst'), 'README.md': `${n}\n` });
    await until(`push ${n} in the queue`, async () => (await last()) === commit);
    others.push(commit);
  }
  const newest = others.pop() ?? '';
  await answer(holder, false);
  await answer(await waiting(newest), true);
  expect(await slipway.ended('dev-eager-burst', newest)).toMatchObject({ status: 'DONE' });
  const records = await ports.deployments.listOfStack('dev-eager-burst', 50);
  const statuses = new Map(records.map(({ version, status }) => [version, status]));
  expect(others.map((commit) => statuses.get(commit))).toEqual(others.map(() => 'SUPERSEDED'));
  expect(records).toHaveLength(6);
  for (const commit of others)
    expect(slipway.github.deployments(commit).map(({ statuses: [newestStatus] }) => newestStatus?.state)).toEqual([
      'inactive',
    ]);
}, 120_000);
