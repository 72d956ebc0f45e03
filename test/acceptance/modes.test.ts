import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { releaseNames, type WorkingClone, workingClone } from '../../bin/local/working-clone.ts';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import type { Stack } from '../../functions/domain/stack/stack.ts';
import { statesEntered } from '../support/executions.ts';
import { type Probed, prober } from '../support/prober.ts';
import { everythingWritten, secretValues, spellings } from '../support/secret-scan.ts';
import { startTestSlipway, type TestSlipway } from '../support/slipway.ts';

const STACK = 'dev-shop';

/** One release of the example, pushed by git while its users go on asking, and what came of it. */
interface Chapter {
  readonly commit: string;
  readonly deployment: Deployment;
  readonly history: readonly HistoryEvent[];
  readonly stack: Stack;
  /** As ECS has it at the end. */
  readonly desiredCount: number | undefined;
  readonly probed: Probed;
  readonly answer: string;
}

let slipway: TestSlipway;
const chapters = new Map<string, Chapter>();

// The tests only read: the history is told once, in order, and they run in any.
beforeAll(async () => {
  slipway = await startTestSlipway();
  const clone = await workingClone(`${slipway.directory}/clones/main`, slipway.github.gitUrl('acme', 'shop'));
  for (const release of releaseNames()) {
    // Somebody doubles the service by hand before the downtime: nobody may forget that.
    if (release.startsWith('05')) await slipway.account.scale(await service(), 2);
    chapters.set(release, await tell(clone, release));
  }
}, 240_000);

afterAll(() => slipway?.stop());

const tell = async (clone: WorkingClone, release: string): Promise<Chapter> => {
  const users = prober(slipway.url);
  const commit = await clone.pushRelease(release);
  const deployment = await slipway.ended(STACK, commit).finally(users.stop);
  const probed = await users.stop();
  const stack = await slipway.ports.stacks.find(STACK);
  if (!stack || !deployment.executionArn) throw new Error(`${release} left no stack or no execution`);
  return {
    commit,
    deployment,
    history: await slipway.executions.history(deployment.executionArn),
    stack,
    desiredCount: (await service())?.desiredCount,
    probed,
    answer: await (await fetch(slipway.url)).text(),
  };
};

/** The one service of the shop, as ECS has it. */
const service = async () => (await slipway.account.services(STACK))[0];

const chapter = (release: string): Chapter => {
  const told = chapters.get(release);
  if (!told) throw new Error(`${release} was not pushed`);
  return told;
};

const evaluated =
  'Start StackWait StackCreate Strategy Evaluate EvaluateDatabases CFPlan PGUpsert PGEval EvaluateJoined EvalJoin Approval Mode';
const before = `${evaluated} Before InfraMigrate-before Databases-before PGMigrate-before PGCleanup-before BeforeJoined VersionMigrate-before Done`;

const plans = [
  {
    release: '01-first-release',
    mode: 'BEFORE',
    why: /first release: nothing serves yet/,
    states: before,
  },
  {
    release: '02-new-greeting',
    mode: 'NOP',
    why: /Only the version changes/,
    states: `${evaluated} VersionMigrate-nop Done`,
  },
  {
    release: '03-faster-search',
    mode: 'PARALLEL',
    why: /20260201000000_index_names builds index products_name on products without blocking writes/,
    states: `${evaluated} Parallel CFUpsert-parallel Databases-parallel PGMigrate-parallel PGCleanup-parallel ParallelJoined Done`,
  },
  {
    release: '04-discounts',
    mode: 'BEFORE',
    why: /20260301000000_add_discount adds column discount_percent to products/,
    states: before,
  },
  {
    release: '05-large-prices',
    mode: 'DOWNTIME',
    why: /20260401000000_widen_prices changes the type of products\.price_cents/,
    states: `${evaluated} ScaleDown Downtime InfraMigrate-downtime Databases-downtime PGMigrate-downtime PGCleanup-downtime DowntimeJoined ScaleUp Done`,
  },
  {
    release: '06-drop-note',
    mode: 'AFTER',
    why: /marked `slipway: after` and the running release is healthy/,
    states: `${evaluated} VersionMigrate-after After Databases-after PGMigrate-after PGCleanup-after AfterJoined Done`,
  },
  {
    release: '08-reviews',
    mode: 'BEFORE',
    why: /20260601000000_create_reviews creates table reviews/,
    states: before,
  },
];

test.each(plans)('$release runs in mode $mode, says why, and enters just the states of that mode', (plan) => {
  const { deployment, history, stack } = chapter(plan.release);
  expect(deployment).toMatchObject({ status: 'DONE', plan: { mode: plan.mode } });
  expect(deployment.plan?.reasons[0]).toMatch(plan.why);
  expect(Object.values(deployment.steps).filter(({ status }) => status !== 'DONE')).toEqual([]);
  // Branches run side by side, in any order.
  expect(statesEntered(history).toSorted()).toEqual(plan.states.split(' ').toSorted());
  expect(stack).toMatchObject({ status: 'AVAILABLE', release: deployment.release, queue: [], counts: {} });
  expect(stack.broken).toBeUndefined();
});

test('the first release answers from the database that its own migration container has migrated', async () => {
  const { deployment, answer } = chapter('01-first-release');
  expect(deployment.steps['PGMigrate.main']?.outputs).toEqual({ applied: '20260101000000' });
  expect(answer).toContain('Welcome to the shop');
  expect(answer).toContain('Anchor: 129.00');
  const { 'log events': logs } = await everythingWritten(slipway);
  expect(logs).toContain('Applying: 20260101000000_create_products.sql');
});

test.each(['02-new-greeting', '03-faster-search', '04-discounts', '06-drop-note', '07-broken-reviews', '08-reviews'])(
  'no request of a user fails while %s is deployed',
  (release) => {
    const { probed } = chapter(release);
    expect(probed.failures).toEqual([]);
    expect(probed.requests).toBeGreaterThan(20);
  },
);

test('in DOWNTIME the old version is gone before the migration begins, and the new one comes up after it', () => {
  const { deployment, history, probed } = chapter('05-large-prices');
  const at = (type: string, name: string) =>
    history.find(
      (event) =>
        event.type === type && (event.stateEnteredEventDetails ?? event.stateExitedEventDetails)?.name === name,
    )?.id ?? Number.NaN;
  expect(at('TaskStateExited', 'ScaleDown')).toBeLessThan(at('TaskStateEntered', 'PGMigrate-downtime'));
  expect(at('TaskStateExited', 'PGMigrate-downtime')).toBeLessThan(at('TaskStateEntered', 'ScaleUp'));
  const { ScaleDown, 'PGMigrate.main': migrate } = deployment.steps;
  expect(Date.parse(ScaleDown?.endedAt ?? '')).toBeLessThanOrEqual(Date.parse(migrate?.startedAt ?? ''));
  expect(deployment.plan?.outageSeconds).toBeGreaterThan(0);
  expect(new Set(probed.failures.map((failure) => failure.split(' ')[1]))).toEqual(new Set(['503']));
});

test('only a DOWNTIME predicts an outage', () => {
  for (const { release, mode } of plans)
    expect((chapter(release).deployment.plan?.outageSeconds ?? 0) > 0).toBe(mode === 'DOWNTIME');
});

test('the count that somebody set by hand comes back after the downtime and stays', () => {
  expect(chapter('04-discounts').desiredCount).toBe(1);
  expect(chapter('05-large-prices').desiredCount).toBe(2);
  expect(chapter('08-reviews').desiredCount).toBe(2);
});

test('a migration that fails names its file and statement, keeps the old release serving and says what to do', () => {
  const { deployment, history, stack, answer, commit } = chapter('07-broken-reviews');
  const { reason } = deployment;
  expect(deployment).toMatchObject({ status: 'FAILED', plan: { mode: 'BEFORE' } });
  expect(reason).toMatchObject({ code: 'MigrationFailed', step: 'PGMigrate.main' });
  expect(reason?.message).toContain('db/migrations/20260601000000_create_reviews.sql, line 2 (CREATE TABLE reviews');
  expect(reason?.message).toContain('relation "product" does not exist');
  expect(reason?.remedy).toBe('Correct the migration and push again');
  expect(answer).toContain('Welcome aboard');
  expect(stack).toMatchObject({
    status: 'BROKEN',
    release: chapter('06-drop-note').deployment.release,
    broken: { deploymentId: deployment.id, operatorNeeded: false, reason: { code: 'MigrationFailed' } },
  });
  expect(statesEntered(history).slice(-4)).toEqual(['Rest', 'WayBack', 'Failed', 'DeploymentFailed']);
  expect(statesEntered(history)).not.toContain('VersionMigrate-before');
  const [check] = slipway.github.checkRuns(commit);
  expect(check).toMatchObject({ status: 'completed', conclusion: 'failure' });
  expect(JSON.stringify(check)).toContain('What to do: Correct the migration and push again');
});

test('the fix of the failed migration is the next push of its branch, and repairs the stack', () => {
  const { deployment, answer } = chapter('08-reviews');
  expect(deployment.steps['PGMigrate.main']?.outputs).toEqual({ applied: '20260601000000' });
  expect(answer).toContain('Fender: 32.00');
});

test('every release ends with one check run and one GitHub deployment that tell its outcome', () => {
  for (const { commit, deployment } of chapters.values()) {
    const conclusion = deployment.status === 'DONE' ? 'success' : 'failure';
    expect(slipway.github.checkRuns(commit)).toMatchObject([{ name: 'slipway/dev/shop', conclusion }]);
    expect(slipway.github.deployments(commit)).toHaveLength(1);
  }
});

test('no secret stands in an execution history, a record, a document, a log or a check run', async () => {
  const secrets = await secretValues(slipway);
  const written = {
    ...(await everythingWritten(slipway)),
    'check runs': JSON.stringify([...chapters.values()].map(({ commit }) => slipway.github.checkRuns(commit))),
  };
  // The scan sees what it scans, and has something to look for: two logins of the shop, the admin's, GitHub's.
  expect(secrets.length).toBeGreaterThan(6);
  for (const text of Object.values(written)) expect(text).toContain('20260601000000_create_reviews');
  const found = Object.entries(written).flatMap(([where, text]) =>
    secrets.filter((secret) => spellings(secret).some((spelling) => text.includes(spelling))).map(() => where),
  );
  expect(found).toEqual([]);
});
