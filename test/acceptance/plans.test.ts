import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { parse, stringify } from 'yaml';
import { prober } from '../../bin/local/prober.ts';
import { ROOT } from '../../bin/local/synthesise.ts';
import { readServerLogin } from '../../functions/domain/database/secret.ts';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import { manifest } from '../../functions/manifest.ts';
import { approveDeployment } from '../../functions/operations/approve-deployment.ts';
import { resumeStack } from '../../functions/operations/resume-stack.ts';
import { clientSettings } from '../../infra/local/assembly.ts';
import { service, withDatabase } from '../support/example-applications.ts';
import { serverSaying, serverThatExits } from '../support/example-service.ts';
import { statesEntered } from '../support/executions.ts';
import { type Files, startTestSlipway, type TestSlipway } from '../support/slipway.ts';
import { until } from '../support/until.ts';
import { tasksOf } from './leaps.ts';

let slipway: TestSlipway;

beforeAll(async () => {
  // No sweeper: what ends here was ended by its own events.
  slipway = await startTestSlipway({ schedules: false });
  await slipway.configure({
    // Their names begin with `dev-`, because the roles of the example's cluster are for the stacks of `dev`.
    environments: [
      { fullName: 'dev-signed', approval: 'always' },
      { fullName: 'dev-held', approval: 'never', fixForward: false },
    ],
    targets: [
      { branch: 'story/**', environment: 'dev' },
      { branch: 'signed/**', environment: 'dev-signed' },
      { branch: 'held/**', environment: 'dev-held' },
    ],
  });
}, 60_000);

afterAll(() => slipway?.stop());

const says = (text: string): Files => ({ 'server.js': serverSaying(text) });
const exits: Files = { 'server.js': serverThatExits };

const released = (name: string, path: string) => readFileSync(join(ROOT, 'examples/shop/releases', name, path), 'utf8');

const discounts = (): Files => ({
  'server.js': released('04-discounts', 'server.js'),
  'db/migrations/20260301000000_add_discount.sql': released(
    '04-discounts',
    'db/migrations/20260301000000_add_discount.sql',
  ),
});

const desiredCountsOf = async (stackName: string) =>
  (await slipway.account.services(stackName)).map(({ desiredCount }) => desiredCount);

const getStack = async (name: string) => {
  const stack = await slipway.ports.stacks.find(name);
  if (!stack) throw new Error(`There is no stack ${name}`);
  return stack;
};

const statesOf = async ({ executionArn = '' }: Deployment) =>
  statesEntered(await slipway.executions.history(executionArn));

/** A deployment that waits for its turn. */
const queued = async (stackName: string, commit: string) => {
  const deployment = await slipway.deployed(stackName, commit, () => true, 'a deployment');
  const waits = async () => (await getStack(stackName)).queue.some((entry) => entry.deploymentId === deployment.id);
  await until(`${deployment.id} in the queue`, waits);
  return deployment;
};

/** A deployment that waits for a person. */
const waitingForApproval = (stackName: string, commit: string) =>
  slipway.deployed(stackName, commit, ({ steps }) => steps['AwaitApproval']?.status === 'ACTIVE', 'an approval');

const answer = ({ id, plan }: Deployment, given: { readonly hash?: string; readonly granted?: boolean } = {}) =>
  approveDeployment(slipway.ports, {
    deploymentId: id,
    hash: plan?.hash ?? '',
    actor: 'ada',
    granted: true,
    ...given,
  });

/** Deploys a commit by hand, as an operator does in the AWS console. */
const requested = async (commit: string, more: object = {}) => {
  const name = randomUUID();
  const input = { id: name, repository: 'acme/shop', commit, environment: 'dev', actor: 'ada', ...more };
  await slipway.executions.start('request', name, input);
  return slipway.executions.arnOf('request', name);
};

describe('a plan that needs a signature', () => {
  test('F21: waits for it in an environment with a dash in its name, takes only the one over its own hash, and is carried out', async () => {
    const branch = await slipway.branch('signed/granted');
    const commit = await branch.push(service('granted', 'one'));
    const waiting = await waitingForApproval('dev-signed-granted', commit);
    const refused = await answer(waiting, { hash: 'f'.repeat(64) });
    expect(refused).toEqual({ kind: 'refused', reason: expect.stringContaining(waiting.plan?.hash ?? '-') });
    expect((await slipway.ports.deployments.find(waiting.id))?.approval).toBeUndefined();
    expect(await slipway.ask('/granted')).toMatch(/^404/);
    expect(await answer(waiting)).toEqual({ kind: 'answered' });
    expect(await slipway.ended('dev-signed-granted', commit)).toMatchObject({
      status: 'DONE',
      approval: { actor: 'ada', granted: true, hash: waiting.plan?.hash },
    });
    expect(await slipway.ask('/granted')).toBe('200 one');
    expect(await answer(waiting)).toEqual({ kind: 'refused', reason: expect.stringMatching(/DONE/) });
  });

  test('ends FAILED when it is refused: nothing was changed and the stack is free', async () => {
    const branch = await slipway.branch('signed/refused');
    const first = await branch.push(service('refused', 'one'));
    await answer(await waitingForApproval('dev-signed-refused', first));
    const good = await slipway.ended('dev-signed-refused', first);
    const before = await slipway.account.happenedTo('dev-signed-refused');
    const second = await branch.push(says('two'));
    const waiting = await waitingForApproval('dev-signed-refused', second);
    expect(await answer(waiting, { granted: false })).toEqual({ kind: 'answered' });
    const ended = await slipway.ended('dev-signed-refused', second);
    expect(ended).toMatchObject({ status: 'FAILED', reason: { message: expect.stringMatching(/ada/) } });
    expect(await getStack('dev-signed-refused')).toMatchObject({ status: 'AVAILABLE', release: good.release });
    expect(await slipway.account.happenedTo('dev-signed-refused')).toEqual(before);
    expect(await slipway.ask('/refused')).toBe('200 one');
  });
});

test('a stack that somebody changed after its plan was signed is not overwritten', async () => {
  const branch = await slipway.branch('signed/changed');
  const stackName = 'dev-signed-changed';
  const first = await branch.push(service('changed', 'one'));
  await answer(await waitingForApproval(stackName, first));
  await slipway.ended(stackName, first);
  const waiting = await waitingForApproval(stackName, await branch.push(says('two')));
  await slipway.account.updateStack(stackName, {
    resources: { Theirs: { Type: 'AWS::CloudFormation::WaitConditionHandle' } },
  });
  await slipway.account.stackUpdated(stackName);
  const before = await slipway.account.happenedTo(stackName);
  await answer(waiting);
  expect(await slipway.ended(stackName, waiting.version)).toMatchObject({
    status: 'FAILED',
    reason: { code: 'OutsidePlan', step: 'VersionMigrate', message: expect.stringContaining('Theirs') },
  });
  expect(await slipway.account.happenedTo(stackName)).toEqual(before);
  expect(await getStack(stackName)).toMatchObject({ status: 'AVAILABLE' });
  expect(await slipway.ask('/changed')).toBe('200 one');
});

test('a migration that fails in a downtime brings the version back that ran, at the count that it had', async () => {
  const branch = await slipway.branch('story/returning');
  const good = await slipway.ended('dev-returning', await branch.push(withDatabase('returning')));
  const commit = await branch.push({
    'server.js': serverSaying('never'),
    'db/migrations/20260202000000_numbers.sql':
      '-- migrate:up\nALTER TABLE products ALTER COLUMN name TYPE integer USING name::integer;\n\n-- migrate:down\n',
  });
  const failed = await slipway.ended('dev-returning', commit);
  expect(failed).toMatchObject({
    status: 'FAILED',
    plan: { mode: 'DOWNTIME' },
    reason: {
      code: 'MigrationFailed',
      message: expect.stringMatching(/db\/migrations\/20260202000000_numbers\.sql.*invalid input syntax/s),
    },
    steps: { ScaleDown: { status: 'DONE' }, WayBack: { status: 'DONE' } },
  });
  expect((await statesOf(failed)).slice(-4)).toEqual(['Rest', 'WayBack', 'Failed', 'DeploymentFailed']);
  expect(await slipway.ask('/returning')).toBe('200 Welcome to the shop');
  expect(await desiredCountsOf('dev-returning')).toEqual([1]);
  expect(await getStack('dev-returning')).toMatchObject({
    status: 'BROKEN',
    release: good.release,
    counts: {},
    broken: { operatorNeeded: false },
  });
});

describe('an application with two databases', () => {
  /** Goes on for as long as nobody holds the lock 7 of its database. */
  const untilLetGo = `DO $$ BEGIN
  WHILE pg_try_advisory_lock_shared(7) LOOP
    PERFORM pg_advisory_unlock_shared(7), pg_sleep(0.05);
  END LOOP;
END $$;`;

  const withTwoDatabases = (application: string): Files => {
    const files = withDatabase(application);
    const file = parse(files['ext/o5/app.yaml'] ?? '');
    const [{ postgres }] = file.databases;
    const other = {
      ...postgres,
      migrations: { tool: 'dbmate', path: 'db/other' },
      migrateContainer: {
        ...postgres.migrateContainer,
        command: ['dbmate', '--no-dump-schema', '--migrations-dir', 'db/other', 'migrate'],
        envVars: [{ name: 'DATABASE_URL', database: { databaseName: 'other' } }],
      },
    };
    return {
      ...files,
      'ext/o5/app.yaml': stringify({ ...file, databases: [...file.databases, { name: 'other', postgres: other }] }),
      'db/migrations/20260102000000_fails.sql': `-- migrate:up\n${untilLetGo}\nSELECT 1 / 0;\n\n-- migrate:down\n`,
      'db/other/20260102000000_works.sql': `-- migrate:up\n${untilLetGo}\nCREATE TABLE works (id bigint);\n\n-- migrate:down\n`,
    };
  };

  const letGo = async (database: string) => {
    const secrets = new SecretsManagerClient(clientSettings(slipway.cloud));
    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: 'local/postgres' }));
    secrets.destroy();
    const client = new Client({ ...readServerLogin(SecretString), database });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('SELECT pg_advisory_lock(7)');
    return client;
  };

  const migrations = async () =>
    (await tasksOf(slipway.cloud)).filter(({ group }) => group?.startsWith('family:dev-twice-migrate-'));

  const infraIsDone = ({ steps }: Deployment) => steps['InfraMigrate']?.status === 'DONE';

  /** No function of the execution is at work: one that is would run into its timeout when the clock is put forward. */
  const isAnswered = async ({ executionArn = '' }: Deployment) => {
    const history = await slipway.executions.history(executionArn);
    const begun = new Set(history.filter(({ type }) => type === 'TaskStarted').map(({ id }) => id));
    return history.filter(({ previousEventId }) => begun.has(previousEventId)).length === begun.size;
  };

  test('F15, F22: migrates both at the same time and each once, however long it takes; where one fails the other is waited for', async () => {
    const branch = await slipway.branch('story/twice');
    const commit = await branch.push(withTwoDatabases('twice'));
    const run = async () => (await migrations()).filter(({ lastStatus }) => lastStatus === 'RUNNING');
    await until('both migrations', async () => (await run()).length === 2);
    const deployment = await slipway.deployed('dev-twice', commit, infraIsDone, 'the infrastructure');
    await until('the answers of all functions', () => isAnswered(deployment));
    // Far longer than any function may run.
    await slipway.clock.advance(5 * 1000 * Math.max(...manifest.map(({ timeoutSeconds }) => timeoutSeconds)));
    expect(await run()).toHaveLength(2);

    const main = await letGo('dev_twice_main');
    const isFailed = ({ steps }: Deployment) => steps['PGMigrate.main']?.status === 'FAILED';
    expect(await slipway.deployed('dev-twice', commit, isFailed, 'one failure')).toMatchObject({
      status: 'RUNNING',
      steps: { 'PGMigrate.other': { status: 'ACTIVE' } },
    });
    const other = await letGo('dev_twice_other');
    expect(await slipway.ended('dev-twice', commit)).toMatchObject({
      status: 'FAILED',
      reason: { code: 'MigrationFailed', step: 'PGMigrate.main', message: expect.stringContaining('division by zero') },
      steps: { 'PGMigrate.other': { status: 'DONE', outputs: { applied: '20260102000000' } } },
    });
    expect(await migrations()).toHaveLength(2);
    await Promise.all([main.end(), other.end()]);
  });
});

test('F9: pushes that arrive while a deployment runs wait in their order and run one at a time', async () => {
  const branch = await slipway.branch('signed/ordered');
  const commits: string[] = [];
  for (const text of ['one', 'two', 'three']) {
    const commit = await branch.push(commits.length === 0 ? service('ordered', text) : says(text));
    commits.push(commit);
    if (commits.length === 1) await waitingForApproval('dev-signed-ordered', commit);
    else await queued('dev-signed-ordered', commit);
  }
  const told: string[] = [];
  for (const [turn, commit] of commits.entries()) {
    const waiting = await waitingForApproval('dev-signed-ordered', commit);
    const stack = await getStack('dev-signed-ordered');
    expect(stack.current).toEqual({ deploymentId: waiting.id, fence: turn + 1 });
    expect(stack.queue).toHaveLength(commits.length - turn - 1);
    await answer(waiting);
    told.push((await slipway.ended('dev-signed-ordered', commit)).status);
  }
  expect(told).toEqual(['DONE', 'DONE', 'DONE']);
  expect(await slipway.ask('/ordered')).toBe('200 three');
});

test('an execution with a fence that the stack does not hold changes nothing', async () => {
  const branch = await slipway.branch('signed/fenced');
  const stackName = 'dev-signed-fenced';
  const first = await branch.push(service('fenced', 'one'));
  await answer(await waitingForApproval(stackName, first));
  const old = await slipway.ended(stackName, first);
  const second = await branch.push(says('two'));
  const current = await waitingForApproval(stackName, second);
  const standing = async () => ({
    stack: await getStack(stackName),
    records: await slipway.ports.deployments.listOfStack(stackName, 9),
    events: await slipway.account.happenedTo(stackName),
  });
  const before = await standing();
  for (const { id } of [old, current])
    for (const startAtRest of [false, true]) {
      const input = { deploymentId: id, stackName, fence: 1, databases: [], startAtRest };
      const { executionArn = '' } = await slipway.executions.start('deployment', randomUUID(), input);
      // One that only clears up outlasts the functions of its forerunner first.
      if (startAtRest) await slipway.clock.advance(2 * 60_000);
      expect(await slipway.executions.ended(executionArn)).toMatchObject({ status: 'FAILED' });
    }
  expect(await standing()).toEqual(before);
  await answer(current);
  expect(await slipway.ended(stackName, second)).toMatchObject({ status: 'DONE' });
  expect(await slipway.ask('/fenced')).toBe('200 two');
});

describe('the quick strategy', () => {
  test('runs as full on a new stack, and on one that exists everything at once without an evaluation', async () => {
    const branch = await slipway.branch('unrelated/quickly');
    const first = await branch.push(withDatabase('quickly'));
    await requested(first, { strategy: 'quick' });
    const full = await slipway.ended('dev-quickly', first);
    expect(full).toMatchObject({ status: 'DONE', strategy: 'quick', plan: { mode: 'BEFORE' } });
    expect(await statesOf(full)).toEqual(expect.arrayContaining(['Evaluate', 'EvalJoin', 'PGMigrate-before']));

    const second = await branch.push(discounts());
    await requested(second, { strategy: 'quick' });
    const quick = await slipway.ended('dev-quickly', second);
    expect(quick).toMatchObject({ status: 'DONE', strategy: 'quick' });
    expect(quick.plan).toBeUndefined();
    expect((await statesOf(quick)).toSorted()).toEqual(
      'Start StackWait StackCreate Strategy Quick CFUpsert-quick Databases-quick PGUpsert-quick PGMigrate-quick PGCleanup-quick QuickJoined Done'
        .split(' ')
        .toSorted(),
    );
    expect(await (await fetch(new URL('/quickly', slipway.url))).text()).toContain('Anchor: 129.00');
  });
});

describe('an image', () => {
  const SHOP = '000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop';

  const waitsForImage = (request: string) =>
    until(`the wait of ${request}`, async () => {
      const history = await slipway.executions.history(request);
      return statesEntered(history).at(-1) === 'ImageWait' && history.at(-1)?.type === 'TaskSubmitted';
    });

  test('that arrives later ends the wait for it by its event', async () => {
    const branch = await slipway.branch('unrelated/slow');
    const commit = await branch.push(service('slow', 'at last'));
    await slipway.github.settled();
    slipway.cloud.images.remove(SHOP, commit);
    const request = await requested(commit);
    await waitsForImage(request);
    expect(await slipway.ports.deployments.listOfStack('dev-slow', 1)).toEqual([]);
    await slipway.cloud.images.publish('acme/shop', commit);
    expect(await slipway.ended('dev-slow', commit)).toMatchObject({ status: 'DONE' });
    expect(await slipway.ask('/slow')).toBe('200 at last');
  });

  test('that never arrives ends the request after an hour, and is named on the commit', async () => {
    const branch = await slipway.branch('unrelated/never');
    const commit = await branch.push(service('never', 'never'));
    await slipway.github.settled();
    slipway.cloud.images.remove(SHOP, commit);
    const request = await requested(commit, { commit: undefined, ref: 'refs/heads/unrelated/never' });
    await waitsForImage(request);
    await slipway.clock.advance(3600_000 + 1);
    const { output } = await slipway.executions.ended(request);
    const missing = expect.stringContaining(`${SHOP}:${commit}`);
    expect(output).toMatchObject({ targets: [{ outcome: 'REJECTED', reason: missing }] });
    expect(slipway.github.checkRuns(commit)).toMatchObject([{ conclusion: 'failure', output: { summary: missing } }]);
    expect(await slipway.ports.stacks.find('dev-never')).toBeUndefined();
  });
});

test('F3: a stack that somebody else moves is waited for, and keeps what that somebody set', async () => {
  const branch = await slipway.branch('story/busy');
  await slipway.ended('dev-busy', await branch.push(service('busy', 'one')));
  // Their update lasts as long as there is no room for the second task.
  slipway.cloud.ecs.faults.refuseCapacity();
  await slipway.account.updateStack('dev-busy', { parameters: { DesiredCountMain: '2' } });
  const commit = await branch.push(says('two'));
  try {
    const waiting = await slipway.deployed('dev-busy', commit, ({ status }) => status === 'WAITING', 'StackWait');
    expect(await slipway.account.stackStatus('dev-busy')).toBe('UPDATE_IN_PROGRESS');
    expect(waiting.steps['StackWait']?.status).toBe('ACTIVE');
    expect((await statesOf(waiting)).at(-1)).toBe('StackWait');
  } finally {
    slipway.cloud.ecs.faults.allowCapacity();
  }
  expect(await slipway.ended('dev-busy', commit)).toMatchObject({ status: 'DONE' });
  expect(await slipway.ask('/busy')).toBe('200 two');
  expect(await desiredCountsOf('dev-busy')).toEqual([2]);
});

describe('a release whose server ends at once', () => {
  test('is rolled back, says which service failed, and loses no request; the next push repairs the stack', async () => {
    const branch = await slipway.branch('story/crashing');
    const good = await slipway.ended('dev-crashing', await branch.push(service('crashing', 'one')));
    const users = prober(new URL('/crashing', slipway.url).href, { everyMillis: 10 });
    const broken = await slipway.ended('dev-crashing', await branch.push(exits)).finally(users.stop);
    expect((await users.stop()).filter(({ failure }) => failure !== undefined)).toEqual([]);
    expect(broken).toMatchObject({
      status: 'FAILED',
      reason: {
        code: 'StackFailed',
        step: 'VersionMigrate',
        message: expect.stringMatching(/ECSServiceMain \(AWS::ECS::Service\): .*[Cc]ircuit [Bb]reaker/),
        left: expect.stringMatching(/rolled the stack back/),
      },
    });
    expect(await slipway.account.stackStatus('dev-crashing')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await getStack('dev-crashing')).toMatchObject({
      status: 'BROKEN',
      release: good.release,
      broken: { operatorNeeded: false },
    });
    expect(await slipway.ask('/crashing')).toBe('200 one');
    expect(await slipway.ended('dev-crashing', await branch.push(says('two')))).toMatchObject({ status: 'DONE' });
    expect(await slipway.ask('/crashing')).toBe('200 two');
  });

  test('holds the queue until an operator resumes the stack, where the environment does not fix forward', async () => {
    const branch = await slipway.branch('held/crashing');
    await slipway.ended('dev-held-held', await branch.push(service('held', 'one')));
    expect(await resumeStack(slipway.ports, { stackName: 'dev-held-held', actor: 'ada' })).toMatchObject({
      kind: 'refused',
    });
    await slipway.ended('dev-held-held', await branch.push(exits));
    const fix = await branch.push(says('two'));
    const { id } = await queued('dev-held-held', fix);
    await slipway.github.settled();
    for (const request of await slipway.executions.list('request')) await slipway.executions.ended(request);
    expect(await slipway.ports.deployments.find(id)).toMatchObject({ status: 'QUEUED' });
    expect(await getStack('dev-held-held')).toMatchObject({
      status: 'BROKEN',
      queue: [{ deploymentId: id }],
    });
    expect(await resumeStack(slipway.ports, { stackName: 'dev-held-held', actor: 'ada' })).toEqual({ kind: 'resumed' });
    expect(await slipway.ended('dev-held-held', fix)).toMatchObject({ status: 'DONE' });
    expect(await getStack('dev-held-held')).toMatchObject({ status: 'AVAILABLE' });
    expect(await slipway.ask('/held')).toBe('200 two');
  });
});
