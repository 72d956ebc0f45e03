import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import type { Stack } from '../../functions/domain/stack/stack.ts';
import { resumeStack } from '../../functions/operations/resume-stack.ts';
import { clientSettings } from '../../infra/local/assembly.ts';
import { statesEntered } from '../support/executions.ts';
import { type Branch, startTestSlipway, type TestSlipway } from '../support/slipway.ts';
import { until } from '../support/until.ts';
import { appliedMigrations, endedByLeaps, migrationsOf, tasksOf } from './leaps.ts';

const STACK = 'dev-shop';
const SLOW = 'db/migrations/20270101000000_slow.sql';
const slowMigration = `-- migrate:up
ALTER TABLE products ADD COLUMN slow integer;
SELECT pg_sleep(60);
-- migrate:down
ALTER TABLE products DROP COLUMN slow;
`;
/** Its update goes on for as long as nobody ends it: the service never gets healthy. */
const neverReady = 'setInterval(() => {}, 1000);\n';

interface Stopped {
  readonly deployment: Deployment;
  readonly stack: Stack | undefined;
  readonly states: readonly string[];
  readonly answer: string;
}

let slipway: TestSlipway;
let main: Branch;
let migrating: Stopped;
let updating: Stopped;
let queued: Deployment;
let fixed: Deployment;

// The tests only read: the story is told once, in order.
beforeAll(async () => {
  slipway = await startTestSlipway();
  main = await slipway.branch('main');
  await slipway.ended(STACK, await main.clone.pushRelease('01-first-release'));

  const slow = await main.push({ [SLOW]: slowMigration });
  await slipway.deployed(STACK, slow, ({ steps }) => steps['ScaleDown'] !== undefined, 'the downtime');
  const next = await main.push({ [SLOW]: undefined, 'NEXT.md': 'waits in the queue\n' });
  migrating = await stopped(slow, 'PGMigrate.main', async () =>
    (await migrationsOf(slipway.cloud)).some(({ lastStatus }) => lastStatus === 'RUNNING'),
  );
  await resumeStack(slipway.ports, { stackName: STACK, actor: 'alice' });
  queued = await slipway.ended(STACK, next);

  updating = await stopped(
    await main.push({ 'server.js': neverReady }),
    'VersionMigrate',
    async () =>
      (await tasksOf(slipway.cloud)).some(
        ({ group, lastStatus }) => group?.startsWith('service:') && lastStatus === 'PENDING',
      ) || (await tasksOf(slipway.cloud)).filter(({ lastStatus }) => lastStatus === 'RUNNING').length > 1,
  );
  await main.clone.git('checkout', '--quiet', 'HEAD~1', '--', 'server.js');
  fixed = await slipway.ended(STACK, await main.push({ 'NEXT.md': 'works again\n' }));
}, 120_000);

afterAll(() => slipway?.stop());

/** Stops the execution from outside once the step is at work, and lets the minute pass that its functions may still take. */
const stopped = async (commit: string, step: string, isAtWork: () => Promise<boolean>): Promise<Stopped> => {
  const waits = ({ steps }: Deployment) => steps[step]?.status === 'ACTIVE';
  const { executionArn = '' } = await slipway.deployed(STACK, commit, waits, `${step} at work`);
  await until(`${step} outside`, async () => (await isAtWork()) && (await isCalled(step)));
  const client = new SFNClient(clientSettings(slipway.cloud));
  await client.send(
    new StopExecutionCommand({ executionArn, error: 'Impatience', cause: 'an operator in the console' }),
  );
  const atRest = `${executionArn}-rest`;
  await until('the minute that functions may still take', async () => (await entered(atRest)).includes('Outlast'));
  await slipway.clock.advance(60_000);
  await until('the outside at rest', async () => {
    // dbmate does not end when it is asked to: ECS waits for 30 s, then it kills.
    if ((await tasksOf(slipway.cloud)).some(({ lastStatus }) => lastStatus === 'STOPPING'))
      await slipway.clock.advance(10_000);
    return (await entered(atRest)).includes('WayBack');
  });
  const { deployment } = await endedByLeaps(slipway, commit);
  await slipway.executions.ended(atRest);
  return {
    deployment,
    stack: await slipway.ports.stacks.find(STACK),
    states: await entered(atRest),
    answer: await slipway.ask(),
  };
};

/** States that an execution has entered; none of one that has not begun. */
const entered = async (arn: string): Promise<readonly string[]> =>
  (await slipway.executions.find(arn)) ? statesEntered(await slipway.executions.history(arn)) : [];

const isCalled = async (step: string) =>
  (await slipway.ports.callbacks.listOpen()).some((callback) => callback.step === step && callback.status === 'CALLED');

test('a migration whose execution is stopped is stopped too, and nothing of it is left', async () => {
  const tasks = (await migrationsOf(slipway.cloud)).filter(({ stopCode }) => stopCode === 'UserInitiated');
  expect(tasks).toMatchObject([{ lastStatus: 'STOPPED', stoppedReason: 'Slipway brings the deployment to rest' }]);
  expect(await appliedMigrations(slipway.cloud)).toEqual(['20260101000000']);
});

test('the version that ran serves again at its counts, because the database is as it was', () => {
  expect(migrating.deployment.plan).toMatchObject({ mode: 'DOWNTIME' });
  expect(migrating.deployment.steps['WayBack']).toMatchObject({ status: 'DONE' });
  expect(migrating.answer).toMatch(/^200 /);
});

test('an update whose execution is stopped is cancelled and waited for; what ran goes on', () => {
  expect(updating.deployment.steps['Rest']?.outputs).toMatchObject({ stack: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(updating.answer).toMatch(/^200 /);
});

test('only the end of the graph is run, and the deployment says at which step it was stopped', () => {
  for (const [{ deployment, states, stack }, step] of [
    [migrating, 'PGMigrate.main'],
    [updating, 'VersionMigrate'],
  ] as const) {
    expect(states).toEqual(['Start', 'Outlast', 'Rest', 'WayBack', 'Failed', 'DeploymentFailed']);
    expect(deployment).toMatchObject({ status: 'FAILED', reason: { code: 'Interrupted', step } });
    expect(stack).toMatchObject({ status: 'BROKEN', broken: { deploymentId: deployment.id } });
    expect(stack?.current).toBeUndefined();
  }
});

test('the queue goes on: what waited runs when the stack is resumed, a new push where it fixes forward', () => {
  expect([queued.status, fixed.status]).toEqual(['DONE', 'DONE']);
});
