import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { terminate } from '../../bin/commands/terminate.ts';
import { writeEndpoint } from '../../bin/local/endpoint-file.ts';
import { RELEASES } from '../../bin/local/working-clone.ts';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import type { Stack } from '../../functions/domain/stack/stack.ts';
import { type Answered, owner } from '../bin/owner.ts';
import { service } from '../support/example-applications.ts';
import { type Branch, startTestSlipway, type TestSlipway } from '../support/slipway.ts';
import { until } from '../support/until.ts';
import { appliedMigrations, migrationsOf, tasksOf } from './leaps.ts';

const STACK = 'dev-shop';
const SIGNED = 'dev-signed-letters';
const SLOW = 'db/migrations/20270101000000_slow.sql';
const slowMigration = `-- migrate:up
ALTER TABLE products ADD COLUMN slow integer;
SELECT pg_sleep(60);
-- migrate:down
ALTER TABLE products DROP COLUMN slow;
`;
const BROKEN = 'db/migrations/20280101000000_broken.sql';
const brokenMigration = `-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY nowhere ON products (no_such_column);
-- migrate:down
`;
/** Its update goes on for as long as nobody ends it: the service never gets healthy. */
const neverReady = 'setInterval(() => {}, 1000);\n';

interface Ended {
  readonly answered: Answered;
  readonly deployment: Deployment;
  readonly stack: Stack | undefined;
  readonly serves: string;
}

let slipway: TestSlipway;
let type: ReturnType<typeof owner>;
let main: Branch;
let running: Deployment;
let queued: Ended;
let migrating: Ended;
let next: Deployment;
let updating: Ended;
let sibling: Deployment;
let oneSided: Ended;
let unsigned: Ended;
const refused: Record<string, Answered> = {};

// The tests only read: the story is told once, in order, and without a sweeper.
beforeAll(async () => {
  slipway = await startTestSlipway({ schedules: false });
  await slipway.configure({
    environments: [{ fullName: 'dev-signed', approval: 'always' }],
    targets: [{ branch: 'signed/**', environment: 'dev-signed' }],
  });
  const { directory, cloud, github, url, outputs } = slipway;
  const { endpoint, region } = cloud;
  writeEndpoint(directory, { pid: process.pid, endpoint, region, gitHubApiUrl: github.apiUrl, url, outputs });
  type = owner(directory);
  main = await slipway.branch('main');
  await slipway.ended(STACK, await main.clone.pushRelease('01-first-release'));
  await tellOfMigrating();
  await tellOfUpdating();
  await tellOfTwoSides();
  await tellOfApproval();
  for (const name of [unsigned.deployment.id, next.id, SIGNED, 'dev-shpo'])
    refused[name] = await type(terminate, [name], { actor: 'eve' });
}, 240_000);

afterAll(() => slipway?.stop());

const tellOfMigrating = async () => {
  const slow = await main.push({ [SLOW]: slowMigration });
  await waits(slow, 'PGMigrate.main');
  await until('the migration', async () =>
    (await migrationsOf(slipway.cloud)).some(({ lastStatus }) => lastStatus === 'RUNNING'),
  );
  const waiting = await main.push({ 'NEXT.md': 'waits in the queue\n' });
  await slipway.deployed(STACK, waiting, ({ checkRunId }) => checkRunId !== undefined, 'the queue');
  queued = await ended(STACK, waiting, await type(terminate, [STACK], { actor: 'bob' }, ['queued']));
  running = await slipway.deployed(STACK, slow, () => true, 'the migrating one');
  const after = await main.push({ [SLOW]: undefined, 'NEXT.md': 'goes on\n' });
  await slipway.deployed(STACK, after, () => true, 'its successor');
  migrating = await ended(STACK, slow, await terminated(STACK));
  next = await slipway.ended(STACK, after);
};

const tellOfUpdating = async () => {
  const commit = await main.push({ 'server.js': neverReady });
  await waits(commit, 'VersionMigrate');
  await until('a new task', async () => (await serviceTasks()).length > 1);
  updating = await ended(STACK, commit, await terminated(STACK));
};

const tellOfTwoSides = async () => {
  const app = readFileSync(join(RELEASES, '03-faster-search/ext/o5/app.yaml'), 'utf8');
  const commit = await main.push({ 'ext/o5/app.yaml': app, [BROKEN]: brokenMigration });
  sibling = await slipway.deployed(
    STACK,
    commit,
    ({ steps }) => steps['PGMigrate.main']?.status === 'FAILED' && steps['CFUpsert']?.status === 'ACTIVE',
    'one side',
  );
  oneSided = await ended(STACK, commit, await terminated(sibling.id));
};

const tellOfApproval = async () => {
  const signed = await slipway.branch('signed/letters');
  const commit = await signed.push(service('letters', 'one'));
  await waits(commit, 'AwaitApproval', SIGNED);
  unsigned = await ended(SIGNED, commit, await terminated(SIGNED));
};

const waits = async (commit: string, step: string, stackName = STACK): Promise<void> => {
  await slipway.deployed(stackName, commit, ({ steps }) => steps[step]?.status === 'ACTIVE', step);
  await until(`${step} outside`, async () =>
    (await slipway.ports.callbacks.listOpen()).some(
      (callback) => callback.step === step && callback.status === 'CALLED',
    ),
  );
};

const serviceTasks = async () =>
  (await tasksOf(slipway.cloud)).filter(
    ({ group, lastStatus }) => group?.startsWith('service:') && lastStatus !== 'STOPPED',
  );

/** As an operator types it; dbmate does not end when it is asked to: ECS waits for 30 s, then it kills. */
const terminated = async (name: string): Promise<Answered> => {
  let answered: Answered | undefined;
  const typed = type(terminate, [name], { actor: 'bob' }, ['wait']).then((answer) => {
    answered = answer;
  });
  await until(`the end of ${name}`, async () => {
    if ((await tasksOf(slipway.cloud)).some(({ lastStatus }) => lastStatus === 'STOPPING'))
      await slipway.clock.advance(10_000);
    return answered;
  });
  await typed;
  return answered as unknown as Answered;
};

const ended = async (stackName: string, commit: string, answered: Answered): Promise<Ended> => ({
  answered,
  deployment: await slipway.ended(stackName, commit),
  stack: await slipway.ports.stacks.find(stackName),
  serves: await slipway.ask(),
});

const byBob = { status: 'TERMINATED', cancelledBy: 'bob', reason: { code: 'Cancelled' } };

test('F7: one that waits in the queue ends without a run, and the one that runs is left alone', () => {
  expect(queued.answered).toMatchObject({ code: 0, out: [expect.stringMatching(/is TERMINATED: bob asked to end/)] });
  expect(queued.deployment).toMatchObject({ ...byBob, steps: {} });
  expect(queued.deployment.executionArn).toBeUndefined();
  expect(running).toMatchObject({ status: 'RUNNING', steps: { 'PGMigrate.main': { status: 'ACTIVE' } } });
  expect(queued.stack).toMatchObject({ queue: [], current: { deploymentId: running.id } });
});

test('a long migration is stopped, nothing of it is left, and the version that ran serves again', async () => {
  expect(migrating.answered).toMatchObject({ code: 0 });
  expect(migrating.answered.out.join('\n')).toMatch(/bob asked to end .*PGMigrate\.main.*TERMINATED.*what ran before/s);
  expect(migrating.deployment).toMatchObject({
    ...byBob,
    plan: { mode: 'DOWNTIME' },
    steps: { Rest: { status: 'DONE' }, WayBack: { status: 'DONE' } },
  });
  const stopped = (await migrationsOf(slipway.cloud)).filter(({ stopCode }) => stopCode === 'UserInitiated');
  expect(stopped).toMatchObject([{ lastStatus: 'STOPPED' }]);
  expect(await appliedMigrations(slipway.cloud)).not.toContain('20270101000000');
});

test('the stack was free, so that the next one in its queue could run', () => {
  expect(migrating.stack?.status).not.toBe('BROKEN');
  expect(next.status).toBe('DONE');
});

test('an update that never ends is cancelled, rolled back and waited for; the stack is free and serves', () => {
  expect(updating.answered).toMatchObject({ code: 0 });
  expect(updating.deployment).toMatchObject({
    ...byBob,
    steps: { Rest: { outputs: { stack: 'UPDATE_ROLLBACK_COMPLETE', undone: '["VersionMigrate"]' } } },
  });
  expect(updating.stack).toMatchObject({ status: 'AVAILABLE', queue: [] });
  expect(updating.serves).toMatch(/^200 /);
});

test('F15: one side that failed leaves the other under way, until that has come to rest as well', () => {
  expect(sibling).toMatchObject({ plan: { mode: 'PARALLEL' }, status: 'RUNNING' });
  expect(oneSided.answered).toMatchObject({ code: 0 });
  expect(oneSided.deployment).toMatchObject({
    ...byBob,
    reason: { message: expect.stringMatching(/^bob asked to end this deployment; by then PGMigrate\.main had failed/) },
    steps: { CFUpsert: { reason: { code: 'Interrupted' } }, Rest: { status: 'DONE' } },
  });
  expect(oneSided.stack).toMatchObject({ status: 'BROKEN', broken: { reason: { code: 'Cancelled' } } });
  expect(oneSided.answered.out.join('\n')).toContain(oneSided.stack?.broken?.left[0]);
});

test('a plan that waits for its signature ends, and nothing was changed', async () => {
  expect(unsigned.answered).toMatchObject({ code: 0 });
  expect(unsigned.deployment).toMatchObject(byBob);
  expect(unsigned.stack).toMatchObject({ status: 'AVAILABLE' });
  expect(await slipway.account.services(SIGNED)).toEqual([]);
});

test('what has ended stays as it is, and a name that is not known is answered with the nearest one', async () => {
  expect(refused[unsigned.deployment.id]).toEqual({
    code: 0,
    out: [`${unsigned.deployment.id} is TERMINATED: bob asked to end this deployment.`],
    aside: [],
  });
  const complaint = (text: string) => ({ code: undefined, out: [], aside: [expect.stringContaining(text)] });
  expect(refused[next.id]).toEqual(complaint(`Deployment ${next.id} has ended DONE before. Nothing was changed.`));
  expect(refused[SIGNED]).toEqual(complaint(`${SIGNED} is AVAILABLE: nothing runs on it. Nothing was changed.`));
  expect(refused['dev-shpo']).toEqual(complaint('did you mean dev-shop?'));
  for (const { id } of [unsigned.deployment, next])
    expect(await slipway.ports.deployments.find(id)).not.toMatchObject({ cancelledBy: 'eve' });
});

test('who asked stands in the audit, and on the commit', async () => {
  const { id, version } = migrating.deployment;
  expect(await slipway.ports.events.list(`deployment/${id}`, 5)).toMatchObject([{ type: 'Cancelled', actor: 'bob' }]);
  expect(slipway.github.checkRuns(version)).toMatchObject([{ conclusion: 'cancelled' }]);
  expect(JSON.stringify(slipway.github.checkRuns(version))).toContain('bob asked to end this deployment');
});
