import { expect, test } from '@jest/globals';
import { NO_PASSWORD } from '../../../functions/domain/database/login-kind.ts';
import type { Deployment, Step } from '../../../functions/domain/deployment/deployment.ts';
import { endingOf } from '../../../functions/domain/deployment/ending.ts';
import { aDeployment } from '../../support/records.ts';

const step = (name: string, status: Step['status'], more: Partial<Step> = {}): Step => ({ name, status, ...more });
const failed = (name: string, code: string, endedAt = '2026-08-01T10:00:05Z'): Step =>
  step(name, 'FAILED', { endedAt, reason: { code, message: `${name} says ${code}`, step: name } });
const deployment = (steps: readonly Step[], more: Partial<Deployment> = {}): Deployment =>
  aDeployment({ steps: Object.fromEntries(steps.map((one) => [one.name, one])), ...more });
const leftOf = (...steps: Step[]) => endingOf(deployment(steps)).left;
const unchanged = { kind: 'unchanged' };
const cancelled = (...steps: Step[]) => endingOf(deployment(steps, { cancelledBy: 'bob' }));

test('the reason is that of the step which failed first', () => {
  const { reason } = endingOf(
    deployment([
      failed('CFUpsert', 'StackFailed', '2026-08-01T10:00:09Z'),
      failed('PGMigrate.main', 'MigrationFailed', '2026-08-01T10:00:07Z'),
      failed('PGMigrate.other', 'Interrupted', '2026-08-01T10:00:08Z'),
      step('PGUpsert.main', 'DONE'),
    ]),
  );
  expect(reason).toEqual({
    code: 'MigrationFailed',
    message: 'PGMigrate.main says MigrationFailed',
    step: 'PGMigrate.main',
  });
});

test('the steps that clean up are never the reason, whenever they failed', () => {
  const steps = [failed('Rest', 'Cancelled', '1'), failed('WayBack', 'StackFailed', '2'), failed('CFPlan', 'Odd', '3')];
  expect(endingOf(deployment(steps)).reason.code).toBe('Odd');
  expect(endingOf(deployment(steps.slice(0, 2))).reason.code).toBe('Interrupted');
});

test('who asked for the end is the reason, with the step that was ended by it', () => {
  const { reason } = cancelled(failed('PGMigrate.main', 'Interrupted'), failed('CFUpsert', 'Cancelled'));
  expect(reason).toEqual({
    code: 'Cancelled',
    message: 'bob asked to end this deployment',
    step: 'PGMigrate.main',
    left: 'PGMigrate.main had begun',
    remedy: expect.stringContaining('slipway resume'),
  });
  expect(cancelled().reason).toEqual({
    code: 'Cancelled',
    message: 'bob asked to end this deployment',
    left: 'Nothing was left of it: what ran before it runs',
    remedy: 'Push again when you want it',
  });
});

test('a step that had failed by itself before is told with who asked for the end', () => {
  const { reason } = cancelled(
    failed('CFUpsert', 'Interrupted', '1'),
    failed('PGMigrate.main', 'MigrationFailed', '2'),
  );
  expect(reason).toMatchObject({
    code: 'Cancelled',
    message: 'bob asked to end this deployment; by then PGMigrate.main had failed: PGMigrate.main says MigrationFailed',
    step: 'PGMigrate.main',
  });
});

const rest = (outputs: Readonly<Record<string, readonly string[]>>): Step =>
  step('Rest', 'DONE', {
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, steps]) => [name, JSON.stringify(steps)])),
  });
const wayBackTo = (outputs: Step['outputs'] = { decision: 'nothing', left: '[]' }): Step =>
  step('WayBack', 'DONE', { outputs });
const scaledUp = wayBackTo({ status: 'UPDATE_COMPLETE' });
const migrating = [step('ScaleDown', 'DONE'), step('InfraMigrate', 'DONE'), failed('PGMigrate.main', 'Interrupted')];

test.each<[string, readonly Step[]]>([
  ['an update that was rolled back', [failed('VersionMigrate', 'Interrupted'), rest({ undone: ['VersionMigrate'] })]],
  [
    'a migration that left nothing, beside such an update',
    [
      failed('PGMigrate.main', 'Interrupted'),
      failed('InfraMigrate', 'Interrupted'),
      rest({ undone: ['InfraMigrate'] }),
    ],
  ],
])('what was ended on request frees the stack when nothing is left of it: %s', (_, steps) => {
  expect(cancelled(...steps, wayBackTo()).left).toEqual(unchanged);
  expect(leftOf(...steps, wayBackTo())).toMatchObject({ kind: 'changed' });
  expect(cancelled(...steps).left).toMatchObject({ kind: 'changed' });
});

test('a downtime that was ended on request frees the stack when the release before it serves again', () => {
  const ended = deployment([...migrating, rest({}), scaledUp], { cancelledBy: 'bob' });
  expect(endingOf(ended, {}, { release: 'r0' })).toMatchObject({ left: unchanged, reason: { code: 'Cancelled' } });
  expect(endingOf(ended).left).toMatchObject({ kind: 'changed' });
});

test.each<[string, readonly Step[]]>([
  [
    'an update that was not rolled back',
    [failed('VersionMigrate', 'Interrupted'), rest({ undone: ['InfraMigrate'] }), wayBackTo()],
  ],
  ['a step that was done', [step('InfraMigrate', 'DONE'), rest({ undone: ['VersionMigrate'] }), wayBackTo()]],
  [
    'a database that has moved',
    [failed('PGMigrate.main', 'Interrupted'), wayBackTo({ decision: 'nothing', left: '["Database main is dirty"]' })],
  ],
  ['a rollback that was continued', [...migrating, rest({}), wayBackTo({ status: 'UPDATE_ROLLBACK_COMPLETE' })]],
  ['a way back that failed', [...migrating, rest({}), failed('WayBack', 'StackFailed')]],
])('what was ended on request, and left something, breaks the stack: %s', (_, steps) => {
  const ended = deployment(steps, { cancelledBy: 'bob' });
  expect(endingOf(ended, {}, { release: 'r0' }).left).toMatchObject({ kind: 'changed' });
});

test('of what is left, an update that was rolled back is told apart', () => {
  const left = leftOf(
    failed('PGMigrate.main', 'MigrationFailed'),
    failed('CFUpsert', 'Interrupted'),
    rest({ undone: ['CFUpsert'] }),
  );
  expect(left).toMatchObject({ what: ['PGMigrate.main had begun', 'CFUpsert was taken back'] });
});

test('an update that could not be stopped any more is told as carried out', () => {
  const { left, reason } = cancelled(
    failed('VersionMigrate', 'Interrupted'),
    rest({ finished: ['VersionMigrate'] }),
    wayBackTo(),
  );
  const what = 'VersionMigrate was past stopping and has been carried out';
  expect([left, reason.left]).toEqual([{ kind: 'changed', what: [what], operatorNeeded: false }, what]);
});

const lambdaCause = JSON.stringify({ errorType: 'Throttled', errorMessage: 'cf-plan: "Rate"\nexceeded', trace: [] });
test.each([
  ['a failure of a state', { failure: { Error: 'Odd', Cause: 'words' } }, { code: 'Odd', message: 'words' }],
  [
    'an error of a function',
    { failure: { Error: 'Throttled', Cause: lambdaCause } },
    { code: 'Throttled', message: 'cf-plan: "Rate"\nexceeded' },
  ],
  ['a failure on the way back', { wayBackFailure: { Error: 'Odd', Cause: 'back' } }, { code: 'Odd', message: 'back' }],
  ['a failure of rest', { restFailure: { Error: 'Odd', Cause: 'rest' } }, { code: 'Odd', message: 'rest' }],
  [
    'the first of several',
    { restFailure: { Error: 'B', Cause: 'b' }, failure: { Error: 'A', Cause: 'a' } },
    { code: 'A', message: 'a' },
  ],
  [
    'a timeout, which has no cause',
    { failure: { Error: 'States.Timeout' } },
    { code: 'States.Timeout', message: 'A state ended with States.Timeout' },
  ],
  [
    'a timeout with an empty cause',
    { failure: { Error: 'States.Timeout', Cause: '' } },
    { code: 'States.Timeout', message: 'A state ended with States.Timeout' },
  ],
])('where no step recorded one, the machine gives the reason: %s', (_, state, expected) => {
  expect(endingOf(deployment([]), state).reason).toEqual(expected);
});

test.each([[undefined], [{}], [{ failure: 'text' }], [{ failure: null }]])(
  'where nobody knows the reason, it says where to look: %j',
  (state) => {
    expect(endingOf(deployment([]), state).reason).toMatchObject({
      code: 'Interrupted',
      remedy: expect.stringContaining('Step Functions'),
    });
  },
);

test('what fails before the first change leaves everything as it was', () => {
  const before = [step('StackWait', 'DONE'), step('PGUpsert.main', 'DONE'), step('AwaitApproval', 'DONE')];
  expect(leftOf(...before, failed('CFPlan', 'Odd'))).toEqual(unchanged);
  expect(leftOf(...before, step('CFUpsert', 'BLOCKED'), step('PGMigrate.main', 'SKIPPED'))).toEqual(unchanged);
  expect(leftOf()).toEqual(unchanged);
});

test.each([
  'CFUpsert',
  'ScaleDown',
  'InfraMigrate',
  'VersionMigrate',
  'ScaleUp',
  'PGMigrate.main',
  'PGDestroy.main',
  'Restart',
  'Import',
])('%s changes something as soon as it has begun', (name) => {
  const changed = (what: string) => ({ kind: 'changed', what: [what], operatorNeeded: false });
  expect(leftOf(step(name, 'DONE'))).toEqual(changed(`${name} had been done`));
  expect(leftOf(step(name, 'ACTIVE'))).toEqual(changed(`${name} had begun`));
  expect(leftOf(failed(name, 'StackFailed'))).toEqual(changed(`${name} had begun`));
  expect(leftOf(step(name, 'READY'))).toEqual(unchanged);
});

test.each([
  'ChangeSetRefused',
  'OutsidePlan',
  'Cancelled',
  'StaleFence',
  'TaskRefused',
  'MigrationsChanged',
  'LockTimeout',
  'HostGone',
  'SecretMissing',
  'ClusterSilent',
  'DatabaseLoginChanged',
  'SidecarNotStarted',
  'SidecarUnreachable',
  'PrioritiesExhausted',
])('a step that ended with %s has changed nothing', (code) => {
  expect(leftOf(failed('VersionMigrate', code))).toEqual(unchanged);
  expect(leftOf(step('InfraMigrate', 'DONE'), failed('VersionMigrate', code))).toMatchObject({ kind: 'changed' });
});

test('a step that found nothing to do has changed nothing', () => {
  const nothing = step('InfraMigrate', 'DONE', { outputs: { changeSet: 'arn', status: 'no changes' } });
  const none = step('PGMigrate.main', 'DONE', { outputs: { applied: 'nothing was pending' } });
  const noPassword = [
    step('PGRotate.main', 'DONE', { outputs: { login: 'main', rotated: NO_PASSWORD } }),
    step('PGRetire.main', 'DONE', { outputs: { retired: NO_PASSWORD } }),
  ];
  expect(leftOf(...noPassword, failed('Restart', 'Cancelled'))).toEqual(unchanged);
  expect(leftOf(nothing, none, failed('VersionMigrate', 'OutsidePlan'))).toEqual(unchanged);
  expect(leftOf(step('PGMigrate.main', 'DONE', { outputs: { applied: '1, 2' } }))).toMatchObject({ kind: 'changed' });
});

test('what the way back found is told, and staying down needs an operator', () => {
  const wayBack = (decision: string, left: readonly string[]) =>
    step('WayBack', 'DONE', { outputs: { decision, left: JSON.stringify(left) } });
  const down = step('ScaleDown', 'DONE');
  expect(leftOf(down, wayBack('stay-down', ['Database main has the new schema']))).toEqual({
    kind: 'changed',
    what: ['ScaleDown had been done', 'Database main has the new schema'],
    operatorNeeded: true,
  });
  expect(leftOf(down, wayBack('nothing', []))).toMatchObject({ operatorNeeded: false });
  expect(leftOf(down, step('WayBack', 'DONE', { outputs: { status: 'UPDATE_COMPLETE' } }))).toMatchObject({
    operatorNeeded: false,
  });
  expect(leftOf(down, failed('WayBack', 'StackFailed'))).toMatchObject({ operatorNeeded: true });
});

test('where the outside could not be brought to rest an operator is needed', () => {
  expect(leftOf(step('CFUpsert', 'ACTIVE'), failed('Rest', 'Odd'))).toMatchObject({ operatorNeeded: true });
});

test('a database that is unfit needs an operator, although nothing was changed', () => {
  const unfit = failed('EvalJoin', 'DatabaseUnfit');
  expect(leftOf(unfit)).toEqual({ kind: 'changed', what: ['EvalJoin says DatabaseUnfit'], operatorNeeded: true });
});

test('after a rotation that failed it is said which logins work, and what to do', () => {
  const told = (...steps: Step[]) => {
    const left = leftOf(...steps);
    return left.kind === 'changed' ? [left.what.at(-1), left.operatorNeeded] : left;
  };
  const both = 'Old and new logins both work, and nothing stopped serving; ask for rotate-credentials again to finish';
  const rotated = step('PGRotate.main', 'DONE');
  expect(told(rotated, failed('PGRotate.other', 'DatabaseRefused'))).toEqual([both, false]);
  expect(told(rotated, failed('Restart', 'RestartFailed'))).toEqual([both, false]);
  expect(told(rotated, step('Restart', 'DONE'), failed('PGRetire.main', 'DatabaseRefused'))).toEqual([
    'The services run with their new logins; ask for rotate-credentials again to end the old ones that are left',
    false,
  ]);
  expect(leftOf(failed('PGRotate.main', 'DatabaseMissing'))).toEqual(unchanged);
});

test('a destruction that came so far needs an operator, whatever stopped it', () => {
  const wayBack = step('WayBack', 'DONE', {
    outputs: { decision: 'stay-down', left: JSON.stringify(['Database main is destroyed']) },
  });
  expect(leftOf(step('ScaleDown', 'DONE'), failed('PGDestroy.main', 'DatabaseRefused'), wayBack)).toEqual({
    kind: 'changed',
    what: ['ScaleDown had been done', 'PGDestroy.main had begun', 'Database main is destroyed'],
    operatorNeeded: true,
  });
});
