import { expect, test } from '@jest/globals';
import { manifest, pascal } from '../../functions/manifest.ts';
import type { State } from '../../statemachines/define.ts';
import { type DeploymentInput, deployment } from '../../statemachines/deployment.asl.ts';
import { failing } from '../local/sfn/support/cloud.ts';
import { calledBy, statesOf } from '../support/machine-states.ts';
import { type Script, type Walk, walk } from '../support/walk.ts';

const input: DeploymentInput = {
  deploymentId: 'd1',
  stackName: 'dev-shop',
  fence: 7,
  databases: ['main'],
  startAtRest: false,
  cancelUpdates: false,
};

/** Every step goes well, with the mode and the strategy that are asked for. */
const script = (plan: { mode?: string; approval?: boolean; strategy?: string } = {}): Script => ({
  StackWait: () => ({ stack: 'UPDATE_COMPLETE' }),
  StackCreate: () => ({ strategy: plan.strategy ?? 'full' }),
  PGUpsert: () => ({}),
  PGEval: () => ({}),
  CFPlan: () => ({}),
  EvalJoin: () => ({ mode: plan.mode ?? 'NOP', approval: plan.approval ?? false }),
  AwaitApproval: () => ({ by: 'alice' }),
  ScaleDown: () => ({}),
  InfraMigrate: () => ({}),
  PGMigrate: () => ({}),
  PGCleanup: () => ({}),
  ScaleUp: () => ({}),
  VersionMigrate: () => ({}),
  CFUpsert: () => ({}),
  CancelUpdates: () => ({}),
  ImportPlan: () => ({}),
  Import: () => ({}),
  PGDestroy: () => ({}),
  PGRotate: () => ({}),
  Restart: () => ({}),
  PGRetire: () => ({}),
  Rest: () => ({ stack: 'UPDATE_COMPLETE' }),
  WayBack: () => ({ decision: 'nothing', left: [] }),
  SettleDeployment: ({ end }) => ({ status: end, reason: 'as the test says' }),
});

interface Path {
  readonly name: string;
  readonly script: Script;
  readonly input?: Partial<DeploymentInput>;
  /** The states at the top, in order. */
  readonly way: readonly string[];
  /** Those inside its Parallels, sorted. */
  readonly inside: readonly string[];
}

const begun = ['Start', 'StackWait', 'StackCreate', 'Strategy'];
const evaluated = [...begun, 'Evaluate', 'EvaluateJoined', 'EvalJoin', 'Approval'];
const evaluating = ['CFPlan', 'EvaluateDatabases', 'PGEval', 'PGUpsert'];
const migrating = (mode: string) => [`Databases-${mode}`, `PGCleanup-${mode}`, `PGMigrate-${mode}`];

const paths: readonly Path[] = [
  {
    name: 'DOWNTIME',
    script: script({ mode: 'DOWNTIME' }),
    way: [...evaluated, 'Mode', 'ScaleDown', 'Downtime', 'DowntimeJoined', 'ScaleUp', 'Done'],
    inside: [...evaluating, 'InfraMigrate-downtime', ...migrating('downtime')],
  },
  {
    name: 'BEFORE',
    script: script({ mode: 'BEFORE' }),
    way: [...evaluated, 'Mode', 'Before', 'BeforeJoined', 'VersionMigrate-before', 'Done'],
    inside: [...evaluating, 'InfraMigrate-before', ...migrating('before')],
  },
  {
    name: 'PARALLEL',
    script: script({ mode: 'PARALLEL' }),
    way: [...evaluated, 'Mode', 'Parallel', 'ParallelJoined', 'Done'],
    inside: [...evaluating, 'CFUpsert-parallel', ...migrating('parallel')],
  },
  {
    name: 'AFTER',
    script: script({ mode: 'AFTER' }),
    way: [...evaluated, 'Mode', 'VersionMigrate-after', 'After', 'AfterJoined', 'Done'],
    inside: [...evaluating, ...migrating('after')],
  },
  {
    name: 'NOP',
    script: script({ mode: 'NOP' }),
    way: [...evaluated, 'Mode', 'VersionMigrate-nop', 'Done'],
    inside: evaluating,
  },
  {
    name: 'quick',
    script: script({ strategy: 'quick' }),
    way: [...begun, 'Quick', 'QuickJoined', 'Done'],
    inside: ['CFUpsert-quick', 'PGUpsert-quick', ...migrating('quick')],
  },
  {
    name: 'infra-only',
    script: script({ strategy: 'infra-only' }),
    way: [...begun, 'InfraMigrate-infra-only', 'Done'],
    inside: [],
  },
  {
    name: 'db-only',
    script: script({ strategy: 'db-only' }),
    way: [...begun, 'Databases-db-only', 'DatabasesJoined-db-only', 'Done'],
    inside: ['PGUpsert-db-only', 'PGEval-db-only', 'PGMigrate-db-only', 'PGCleanup-db-only'],
  },
  {
    name: 'import',
    script: script({ strategy: 'import' }),
    way: [...begun, 'ImportPlan', 'Import', 'Done'],
    inside: [],
  },
  {
    name: 'destroy-database',
    script: script({ strategy: 'destroy-database' }),
    way: [
      ...begun,
      'ScaleDown-destroy-database',
      'Databases-destroy-database',
      'DatabasesJoined-destroy-database',
      'Done',
    ],
    inside: ['PGDestroy-destroy-database'],
  },
  {
    name: 'recreate-database',
    script: script({ strategy: 'recreate-database' }),
    way: [
      ...begun,
      'ScaleDown-recreate-database',
      'Databases-recreate-database',
      'DatabasesJoined-recreate-database',
      'ScaleUp-recreate-database',
      'Done',
    ],
    inside: ['PGDestroy', 'PGUpsert', 'PGMigrate', 'PGCleanup'].map((step) => `${step}-recreate-database`),
  },
  {
    name: 'rotate-credentials',
    script: script({ strategy: 'rotate-credentials' }),
    way: [...begun, 'Rotation', 'RotationJoined', 'Restart', 'Retirement', 'RetirementJoined', 'Done'],
    inside: ['PGRotate', 'PGRetire'],
  },
  {
    name: 'cancelled updates',
    script: script({ mode: 'NOP' }),
    input: { cancelUpdates: true },
    way: ['Start', 'CancelUpdates', ...evaluated.slice(1), 'Mode', 'VersionMigrate-nop', 'Done'],
    inside: evaluating,
  },
  {
    name: 'an approved plan',
    script: script({ mode: 'NOP', approval: true }),
    way: [...evaluated, 'AwaitApproval', 'Mode', 'VersionMigrate-nop', 'Done'],
    inside: evaluating,
  },
];

const toTheEnd = ['Rest', 'WayBack', 'Failed', 'DeploymentFailed'];

const sorted = (names: readonly string[]) => [...names].sort();

const go = (path: Path, changed: Script = {}): Promise<Walk> =>
  walk(deployment, { ...input, ...path.input }, { ...path.script, ...changed });

test.each(paths)('$name takes its states in order and ends DONE', async (path) => {
  const walked = await go(path);
  expect(walked).toMatchObject({ status: 'SUCCEEDED', output: { settled: { answer: { status: 'DONE' } } } });
  expect(walked.way).toEqual(path.way);
  expect(sorted(walked.entered.filter((name) => !walked.way.includes(name)))).toEqual(sorted(path.inside));
});

test.each(paths)(
  'in $name every function is told ids only: deployment, stack, fence, and its database',
  async (path) => {
    const walked = await go(path);
    const ids = { deploymentId: 'd1', stackName: 'dev-shop', fence: 7 };
    for (const { name, payload } of walked.calls) {
      const { taskToken, executionArn, database, end, ...rest } = payload;
      expect([name, rest]).toEqual([name, ids]);
      expect([name, database]).toEqual([name, name.startsWith('PG') ? 'main' : undefined]);
      expect([name, executionArn !== undefined]).toEqual([name, name === 'StackWait']);
      expect([name, end]).toEqual([name, name === 'SettleDeployment' ? 'DONE' : undefined]);
      expect([name, taskToken === undefined]).toEqual([name, answersAtOnce.has(name)]);
    }
  },
);

const answersAtOnce = new Set(
  manifest
    .filter(({ machines = [] }) => !machines.includes('send'))
    .map(({ name }) => pascal(name))
    .concat('SettleDeployment'),
);

test('a downtime with one database stays within 24 transitions and 150 history events', async () => {
  const { entered, history } = await go(pathOf('DOWNTIME'));
  expect(entered.length).toBeLessThanOrEqual(24);
  expect(history.length).toBeLessThanOrEqual(150);
});

test('another try after a lock is four events of the same state, not a new one', async () => {
  const slow: Script = { PGMigrate: (_payload, call) => (call < 3 ? failing('LockTimeout') : {}) };
  const [once, thrice] = [await go(pathOf('DOWNTIME')), await go(pathOf('DOWNTIME'), slow)];
  expect(thrice.entered).toEqual(once.entered);
  expect(thrice.calls.filter(({ name }) => name === 'PGMigrate')).toHaveLength(3);
  expect(thrice.history.length - once.history.length).toBe(2 * 4);
});

/** Each task of each path that catches, with the state its Catch leads to. */
const catches = paths.flatMap((path) =>
  [...path.way, ...path.inside].flatMap((name) => {
    const { state, within } = stateOf(name);
    const [caught] = 'Catch' in state ? (state.Catch ?? []) : [];
    return caught ? [{ path: path.name, name, called: calledBy(state) ?? '', next: caught.Next, within }] : [];
  }),
);

test.each(catches)('$path: when $name fails, $next follows and the deployment ends at rest', async (each) => {
  const path = pathOf(each.path);
  const walked = await go(path, { [each.called]: () => failing('Boom') });
  const outermost = each.within[0] ?? each.name;
  const before = path.way.slice(0, path.way.indexOf(outermost) + 1);
  const joined = each.within.length > 0 ? path.way.slice(before.length, before.length + 1) : [];
  expect(walked.way).toEqual([...before, ...joined, ...toTheEnd]);
  expect(walked.entered).toContain(each.next);
  expect(walked).toMatchObject({ status: 'FAILED', error: 'FAILED', cause: 'as the test says' });
  const { payload } = walked.calls.at(-1) ?? {};
  expect(payload).toMatchObject({ deploymentId: 'd1', stackName: 'dev-shop', fence: 7, end: 'FAILED' });
});

test('what fails in one branch leaves the others their way to the end', async () => {
  const path = pathOf('DOWNTIME');
  const walked = await walk(
    deployment,
    { ...input, databases: ['first', 'second'] },
    {
      ...path.script,
      PGMigrate: ({ database }) => (database === 'first' ? failing('MigrationFailed') : {}),
    },
  );
  const of = (name: string) =>
    walked.calls.filter((call) => call.name === name).map(({ payload }) => payload['database']);
  expect(of('PGMigrate')).toEqual(['first', 'second']);
  expect(of('PGCleanup')).toEqual(['second']);
  expect(of('InfraMigrate')).toHaveLength(1);
  expect(of('ScaleUp')).toHaveLength(0);
  expect(walked.entered).toContain('DatabaseFailed-downtime');
  expect(walked.way.slice(-5)).toEqual(['DowntimeJoined', ...toTheEnd]);
});

test.each(['BEFORE', 'AFTER', 'DOWNTIME', 'PARALLEL', 'NOP'])(
  '%s goes well for an application without a database',
  async (mode) => {
    const path = pathOf(mode);
    const walked = await go({ ...path, input: { databases: [] } });
    expect(walked.status).toBe('SUCCEEDED');
    expect(walked.way).toEqual(path.way);
    expect(walked.calls.filter(({ name }) => name.startsWith('PG'))).toEqual([]);
  },
);

test('it waits until no function of the other execution can be at work any more', () => {
  const { state } = stateOf('Outlast');
  const longest = Math.max(...manifest.filter(({ home }) => home === 'control').map((row) => row.timeoutSeconds));
  expect(state.Type === 'Wait' && state.Seconds).toBeGreaterThanOrEqual(longest);
});

test('an execution that clears up after another one runs only the end of the graph', async () => {
  const walked = await walk(deployment, { ...input, startAtRest: true }, script());
  expect(walked.way).toEqual(['Start', 'Outlast', ...toTheEnd]);
  expect(walked.calls.map(({ name }) => name)).toEqual(['Rest', 'WayBack', 'SettleDeployment']);
});

test.each([
  ['Rest', ['Start', 'Outlast', 'Rest', 'Failed', 'DeploymentFailed'], 'restFailure'],
  ['WayBack', ['Start', 'Outlast', ...toTheEnd], 'wayBackFailure'],
] as const)('when even %s fails, the deployment is settled, and is told why', async (called, way, key) => {
  const walked = await walk(
    deployment,
    { ...input, startAtRest: true },
    { ...script(), [called]: () => failing('Boom') },
  );
  expect(walked.way).toEqual(way);
  expect(walked.calls.at(-1)?.payload).toMatchObject({ state: { [key]: { Error: 'Boom', Cause: 'Boom happened' } } });
});

test('a mode that nobody knows changes nothing and ends at rest', async () => {
  const walked = await walk(deployment, input, script({ mode: 'SIDEWAYS' }));
  expect(walked.way).toEqual([...evaluated, 'Mode', ...toTheEnd]);
});

test('a strategy that nobody knows changes nothing and ends at rest', async () => {
  const walked = await walk(deployment, input, script({ strategy: 'drop-everything' }));
  expect(walked.way).toEqual([...begun, ...toTheEnd]);
});

test.each([
  ['db-only', 'PGEval', ['PGMigrate', 'PGCleanup']],
  ['recreate-database', 'PGDestroy', ['PGUpsert', 'PGMigrate', 'PGCleanup']],
])('in %s a database whose %s fails goes no further; the others do', async (strategy, step, rest) => {
  const walked = await walk(
    deployment,
    { ...input, databases: ['first', 'second'] },
    { ...script({ strategy }), [step]: ({ database }) => (database === 'first' ? failing('Boom') : {}) },
  );
  const of = (name: string) =>
    walked.calls.filter((call) => call.name === name).map(({ payload }) => payload['database']);
  for (const next of rest) expect([next, of(next)]).toEqual([next, ['second']]);
  expect(of('ScaleUp')).toEqual([]);
  expect(walked.way.slice(-5)).toEqual([`DatabasesJoined-${strategy}`, ...toTheEnd]);
});

test('no old login is ended when one database has no new one, or the services do not come up with it', async () => {
  const rotation = script({ strategy: 'rotate-credentials' });
  const databases = ['first', 'second'];
  const unmade = await walk(
    deployment,
    { ...input, databases },
    { ...rotation, PGRotate: ({ database }) => (database === 'first' ? failing('Boom') : {}) },
  );
  expect(unmade.way.slice(-5)).toEqual(['RotationJoined', ...toTheEnd]);
  const stuck = await walk(
    deployment,
    { ...input, databases },
    { ...rotation, Restart: () => failing('RestartFailed') },
  );
  expect(stuck.way.slice(-5)).toEqual(['Restart', ...toTheEnd]);
  for (const { calls } of [unmade, stuck]) expect(calls.map(({ name }) => name)).not.toContain('PGRetire');
});

test('a refused plan changes nothing and ends at rest', async () => {
  const walked = await go(pathOf('an approved plan'), { AwaitApproval: () => failing('Refused', 'not on a Friday') });
  expect(walked.way).toEqual([...evaluated, 'AwaitApproval', ...toTheEnd]);
  expect(walked.calls.at(-1)?.payload).toMatchObject({ state: { failure: { Error: 'Refused' } } });
});

test('F11: a fault of AWS is tried again, five times at most; a failure of a step is not', async () => {
  const faulty = (times: number): Script => ({
    EvalJoin: (_payload, call) => (call <= times ? failing('Unavailable') : { mode: 'NOP', approval: false }),
  });
  const path = pathOf('NOP');
  expect((await go(path, faulty(5))).status).toBe('SUCCEEDED');
  const given = await go(path, faulty(6));
  expect(given.way.slice(-5)).toEqual(['EvalJoin', ...toTheEnd]);
  const refused = await go(path, { EvalJoin: () => failing('PlanRefused') });
  expect(refused.calls.filter(({ name }) => name === 'EvalJoin')).toHaveLength(1);
});

test('all these ways together enter every state of the machine', async () => {
  const walks = await Promise.all([
    ...paths.map((path) => go(path)),
    ...catches.map(({ path, called }) => go(pathOf(path), { [called]: () => failing('Boom') })),
    walk(deployment, { ...input, startAtRest: true }, script()),
  ]);
  const entered = new Set(walks.flatMap((walked) => walked.entered));
  expect(
    statesOf(deployment)
      .map(({ name }) => name)
      .filter((name) => !entered.has(name)),
  ).toEqual([]);
});

test('every Catch of the machine is taken by one of these ways', () => {
  const taken = new Set([...catches.map(({ name }) => name), 'Rest', 'WayBack']);
  const catching = statesOf(deployment)
    .filter(({ state }) => hasCatch(state))
    .map(({ name }) => name);
  expect(catching.filter((name) => !taken.has(name))).toEqual([]);
});

function pathOf(name: string): Path {
  const found = paths.find((path) => path.name === name);
  if (!found) throw new Error(`no path ${name}`);
  return found;
}

function stateOf(name: string) {
  const found = statesOf(deployment).find((each) => each.name === name);
  if (!found) throw new Error(`no state ${name}`);
  return found;
}

const hasCatch = (state: State<string>): boolean => 'Catch' in state && state.Catch !== undefined;
