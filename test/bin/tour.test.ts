import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalSlipway, startSlipway } from '../../bin/local/start-slipway.ts';
import { ROOT } from '../../bin/local/synthesise.ts';
import { releaseNames, workingClone } from '../../bin/local/working-clone.ts';
import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import { leapingClock } from '../../infra/local/clock.ts';
import { type Executions, executionsOf, statesEntered } from '../support/executions.ts';
import { reapFolders } from '../support/reap-folders.ts';
import { everythingWritten, secretValues, spellings } from '../support/secret-scan.ts';
import { until } from '../support/until.ts';
import { processesNaming } from './processes-naming.ts';
import { runCommand } from './run-command.ts';

// The tour as a process of its own, told once; afterwards its state folder is opened here, and what it left behind is
// read: executions, records, check runs. The folder lies below the repository, where the example finds its packages.
const parent = join(ROOT, '.slipway/tests');
const directory = join(parent, `${process.pid}-${process.env['JEST_WORKER_ID'] ?? ''}-0`);
const STACK = 'dev-shop';

/** What the tour left of one release. */
interface Chapter {
  readonly commit: string;
  readonly deployment: Deployment;
  readonly history: readonly HistoryEvent[];
}

/** A line of the table at the end. */
interface Row {
  readonly release: string;
  readonly mode: string;
  readonly requests: number;
  readonly failed: number;
  readonly gapMillis: number;
  readonly outage: string;
}

let tour: Awaited<ReturnType<typeof runCommand>>;
let again: Awaited<ReturnType<typeof runCommand>>;
let left: readonly string[];
let rows: readonly Row[];
let slipway: LocalSlipway | undefined;
let executions: Executions;
let stack: object | undefined;
let answer: string;
const chapters = new Map<string, Chapter>();

beforeAll(async () => {
  await reapFolders(parent);
  tour = await runCommand(['local', '--tour', '--once', '--directory', directory]);
  left = processesNaming(directory);
  again = await runCommand(['local', '--tour', '--once', '--directory', directory]);
  rows = rowsIn(tour.said);
  await readWhatIsLeft();
}, 240_000);

afterAll(async () => {
  await slipway?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const rowsIn = (said: string): readonly Row[] =>
  [...said.matchAll(/^(\d\d-[\w-]+) +([A-Z]+(?: ✘)?) +(\d+) +(\d+) +(\d+) ms(?: +(\d+ s +[\d.]+ s))?$/gm)].map(
    ([, release = '', mode = '', requests, failed, gap, outage = '']) => ({
      release,
      mode,
      requests: Number(requests),
      failed: Number(failed),
      gapMillis: Number(gap),
      outage,
    }),
  );

const readWhatIsLeft = async () => {
  const resumed = await startSlipway({ directory, clock: leapingClock(), schedules: false });
  slipway = resumed;
  executions = executionsOf(resumed.cloud);
  const clone = await workingClone(join(directory, 'shop'), resumed.github.gitUrl('acme', 'shop'));
  const commits = (await clone.git('rev-list', '--reverse', 'HEAD')).split('\n');
  const deployments = await resumed.ports.deployments.listOfStack(STACK, 50);
  for (const [index, release] of releaseNames().entries()) {
    const commit = commits[index] ?? '';
    const deployment = deployments.find(({ version }) => version === commit);
    if (!deployment?.executionArn) continue;
    chapters.set(release, { commit, deployment, history: await executions.history(deployment.executionArn) });
  }
  stack = await resumed.ports.stacks.find(STACK);
  answer = await until('the shop to answer', async () => {
    const response = await fetch(resumed.url);
    return response.ok && response.text();
  });
};

const chapter = (release: string): Chapter => {
  const told = chapters.get(release);
  if (!told) throw new Error(`${release} left no deployment with an execution:\n${tour.said}`);
  return told;
};

/** What is said of one release, with its commit taken out. */
const told = (release: string): string => {
  const [, after = ''] = tour.said.split(`: ${release}\n`);
  return (after.split('\n── ')[0] ?? '').replaceAll(chapter(release).commit.slice(0, 7), 'COMMIT');
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
    explained: 'Everything else is made and migrated first; the service comes last.',
  },
  {
    release: '02-new-greeting',
    mode: 'NOP',
    why: /Only the version changes/,
    states: `${evaluated} VersionMigrate-nop Done`,
    explained: 'New tasks start beside the old ones, which go once the new ones are healthy.',
  },
  {
    release: '03-faster-search',
    mode: 'PARALLEL',
    why: /20260201000000_index_names builds index products_name on products without blocking writes/,
    states: `${evaluated} Parallel CFUpsert-parallel Databases-parallel PGMigrate-parallel PGCleanup-parallel ParallelJoined Done`,
    explained: 'CloudFormation adds Secret, and changes Service and TaskDefinition.',
  },
  {
    release: '04-discounts',
    mode: 'BEFORE',
    why: /20260301000000_add_discount adds column discount_percent to products/,
    states: before,
    explained: 'Locks: public.products: L1, blocks reads and writes for a moment',
  },
  {
    release: '05-large-prices',
    mode: 'DOWNTIME',
    why: /20260401000000_widen_prices changes the type of products\.price_cents/,
    states: `${evaluated} ScaleDown Downtime InfraMigrate-downtime Databases-downtime PGMigrate-downtime PGCleanup-downtime DowntimeJoined ScaleUp Done`,
    explained: 'The old tasks stop, infrastructure and data move, then new tasks start.',
  },
  {
    release: '06-drop-note',
    mode: 'AFTER',
    why: /marked `slipway: after` and the running release is healthy/,
    states: `${evaluated} VersionMigrate-after After Databases-after PGMigrate-after PGCleanup-after AfterJoined Done`,
    explained: 'New tasks replace the old ones first; then the migration runs.',
  },
  {
    release: '08-reviews',
    mode: 'BEFORE',
    why: /20260601000000_create_reviews creates table reviews/,
    states: before,
    explained: 'Infrastructure and data expand first; then new tasks replace the old ones.',
  },
];

describe('`npm start -- --tour --once`', () => {
  test('runs unattended to its end, ends with 0 and leaves no process', () => {
    expect(tour.code === 0 ? '' : tour.said).toBe('');
    expect(tour).toMatchObject({ code: 0, said: expect.stringMatching(/\nNothing is left running\..*\n$/) });
    expect(left).toEqual([]);
  });

  test.each(plans)('explains the plan of $release as it runs: mode, reason, and what follows from them', (plan) => {
    const { said, at } = lines(told(plan.release));
    expect(said).toContain(`dev-shop COMMIT: mode ${plan.mode}, `);
    expect(said).toMatch(plan.why);
    expect(at(plan.explained)).toBeGreaterThan(at(`mode ${plan.mode}, `));
    expect(at(plan.explained)).toBeLessThan(at('VersionMigrate|ScaleDown|CFUpsert'));
    expect(said).toContain('answers 200 OK: Welcome');
  });

  test('has a row for each release, every one of them with requests', () => {
    expect(rows.map(({ release, mode }) => `${release} ${mode}`)).toEqual(
      releaseNames().map((name) => `${name} ${chapter(name).deployment.plan?.mode}${name === BROKEN ? ' ✘' : ''}`),
    );
    for (const { requests } of rows) expect(requests).toBeGreaterThan(0);
    // Twenty a second from the second release on, however slow the machine.
    expect(rows.reduce((sum, { requests }) => sum + requests, 0)).toBeGreaterThan(100);
  });

  test('loses no request but in the DOWNTIME, whose outage stands beside the predicted one', () => {
    expect(rows.filter(({ failed }) => failed > 0).map(({ release }) => release)).toEqual(['05-large-prices']);
    expect(rows.filter(({ outage }) => outage !== '').map(({ release }) => release)).toEqual(['05-large-prices']);
    const { deployment } = chapter('05-large-prices');
    const { gapMillis = 0, outage } = rows.find(({ mode }) => mode === 'DOWNTIME') ?? {};
    expect(outage).toMatch(
      new RegExp(`^${deployment.plan?.outageSeconds} s +${(gapMillis / 1000).toFixed(1).replace('.', '\\.')} s$`),
    );
    expect(tour.said).toMatch(/; \d+ requests got 503 Service Unavailable\./);
    expect(tour.said).toContain('Outside the DOWNTIME no request was lost.');
  });

  test('measures an outage that lasts as long as the migration at least, and not beyond the steps that make it', () => {
    const { ScaleDown, ScaleUp, 'PGMigrate.main': migrate } = chapter('05-large-prices').deployment.steps;
    const { gapMillis = 0 } = rows.find(({ mode }) => mode === 'DOWNTIME') ?? {};
    expect(gapMillis).toBeGreaterThan(millisBetween(migrate?.startedAt, migrate?.endedAt));
    // An answer may arrive late on a machine that has much to do.
    expect(gapMillis).toBeLessThan(millisBetween(ScaleDown?.startedAt, ScaleUp?.endedAt) + 5_000);
  });

  test('tells of the migration that fails: file, line, statement, the last words of the tool, and the way back', () => {
    const said = told(BROKEN);
    for (const line of [
      'dev-shop COMMIT FAILED',
      'What happened:      Migration db/migrations/20260601000000_create_reviews.sql, line 2 (CREATE TABLE reviews',
      '    | Error: pq: relation "product" does not exist',
      'State of the world: The version table',
      'What to do:         Correct the migration and push again',
      'answers 200 OK: Welcome aboard',
      'Way back:           dev-shop is BROKEN and its queue is held: push a fix',
      'npm run slipway -- resume dev-shop',
    ])
      expect(said).toContain(line);
    expect(tour.said).toContain('✘ 07-broken-reviews ended FAILED; what ran before it went on serving.');
  });

  test('begins on a folder without a past only, and says so', () => {
    expect(again.code).toBe(1);
    expect(again.said).toMatch(
      /^The tour begins with the first push, and .*-- --tour --fresh .*Nothing was changed\.\n$/,
    );
    expect(chapters.size).toBe(releaseNames().length);
  });
});

const BROKEN = '07-broken-reviews';

const millisBetween = (from: string | undefined, to: string | undefined) =>
  Date.parse(to ?? '') - Date.parse(from ?? '');

const lines = (said: string) => ({
  said,
  at: (what: string) => said.split('\n').findIndex((line) => RegExp(what.replaceAll('.', '\\.')).test(line)),
});

describe('What the tour leaves', () => {
  test.each(plans)('$release ran in mode $mode, for its reason, and entered just the states of that mode', (plan) => {
    const { deployment, history } = chapter(plan.release);
    expect(deployment).toMatchObject({ status: 'DONE', plan: { mode: plan.mode } });
    expect(deployment.plan?.reasons[0]).toMatch(plan.why);
    expect((deployment.plan?.outageSeconds ?? 0) > 0).toBe(plan.mode === 'DOWNTIME');
    expect(Object.values(deployment.steps).filter(({ status }) => status !== 'DONE')).toEqual([]);
    // Branches run side by side, in any order.
    expect(statesEntered(history).toSorted()).toEqual(plan.states.split(' ').toSorted());
  });

  test('the database is migrated by the migration containers of the releases, and the last release serves from it', async () => {
    const applied = (release: string) => chapter(release).deployment.steps['PGMigrate.main']?.outputs;
    expect(applied('01-first-release')).toEqual({ applied: '20260101000000' });
    expect(applied('08-reviews')).toEqual({ applied: '20260601000000' });
    expect(answer).toMatch(/^Welcome aboard\n\nAnchor: 129\.00\nCleat: 14\.50\nFender: 32\.00\n$/);
    const { 'log events': logs } = await written();
    expect(logs).toContain('Applying: 20260101000000_create_products.sql');
  });

  test('in DOWNTIME the old version was gone before the migration began, and the new one came up after it', () => {
    const { deployment, history } = chapter('05-large-prices');
    const at = (type: string, name: string) =>
      history.find(
        (event) =>
          event.type === type && (event.stateEnteredEventDetails ?? event.stateExitedEventDetails)?.name === name,
      )?.id ?? Number.NaN;
    expect(at('TaskStateExited', 'ScaleDown')).toBeLessThan(at('TaskStateEntered', 'PGMigrate-downtime'));
    expect(at('TaskStateExited', 'PGMigrate-downtime')).toBeLessThan(at('TaskStateEntered', 'ScaleUp'));
    const { ScaleDown, 'PGMigrate.main': migrate } = deployment.steps;
    expect(Date.parse(ScaleDown?.endedAt ?? '')).toBeLessThanOrEqual(Date.parse(migrate?.startedAt ?? ''));
  });

  test('the failed migration changed no version and left its reason everywhere', () => {
    const { deployment, history, commit } = chapter(BROKEN);
    const { reason } = deployment;
    expect(deployment).toMatchObject({ status: 'FAILED', plan: { mode: 'BEFORE' } });
    expect(reason).toMatchObject({ code: 'MigrationFailed', step: 'PGMigrate.main' });
    expect(reason?.message).toContain('db/migrations/20260601000000_create_reviews.sql, line 2 (CREATE TABLE reviews');
    expect(reason?.message).toContain('relation "product" does not exist');
    expect(statesEntered(history).slice(-4)).toEqual(['Rest', 'WayBack', 'Failed', 'DeploymentFailed']);
    expect(statesEntered(history)).not.toContain('VersionMigrate-before');
    const [check] = slipway?.github.checkRuns(commit) ?? [];
    expect(check).toMatchObject({ status: 'completed', conclusion: 'failure' });
    expect(JSON.stringify(check)).toContain('What to do: Correct the migration and push again');
  });

  test('its fix repaired the stack: nothing is broken, nothing queued, no count remembered', () => {
    expect(stack).toMatchObject({
      status: 'AVAILABLE',
      release: chapter('08-reviews').deployment.release,
      queue: [],
      counts: {},
    });
    expect(stack).not.toHaveProperty('broken');
  });

  test('every release ended with one check run and one GitHub deployment that tell its outcome', () => {
    expect(chapters.size).toBe(releaseNames().length);
    for (const { commit, deployment } of chapters.values()) {
      const conclusion = deployment.status === 'DONE' ? 'success' : 'failure';
      expect(slipway?.github.checkRuns(commit)).toMatchObject([{ name: 'slipway/dev/shop', conclusion }]);
      expect(slipway?.github.deployments(commit)).toHaveLength(1);
    }
  });

  test('no secret stands in an execution history, a record, a document, a log, a check run or on the terminal', async () => {
    if (!slipway) throw new Error('Nothing was read');
    const { github, cloud } = slipway;
    const secrets = await secretValues({ cloud });
    const texts = {
      ...(await written()),
      'check runs': JSON.stringify([...chapters.values()].map(({ commit }) => github.checkRuns(commit))),
      terminal: tour.said,
    };
    // The scan sees what it scans, and has something to look for: two logins of the shop, the admin's, GitHub's.
    expect(secrets.length).toBeGreaterThan(6);
    for (const text of Object.values(texts)) expect(text).toContain('20260601000000_create_reviews');
    const found = Object.entries(texts).flatMap(([where, text]) =>
      secrets.filter((secret) => spellings(secret).some((spelling) => text.includes(spelling))).map(() => where),
    );
    expect(found).toEqual([]);
  });
});

const written = () => {
  if (!slipway) throw new Error('Nothing was read');
  return everythingWritten({ cloud: slipway.cloud, executions });
};
