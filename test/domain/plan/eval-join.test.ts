import { expect, test } from '@jest/globals';
import { type EvalJoinInput, evalJoin } from '../../../functions/domain/plan/eval-join.ts';
import { change, database, hash, infrastructure, joinInput, stack, statement } from './findings.ts';

const join = (more: Partial<EvalJoinInput>) => evalJoin(joinInput(more), hash);

const planned = (more: Partial<EvalJoinInput>) => {
  const evaluation = join(more);
  if (evaluation.outcome === 'refused') throw new Error(evaluation.reasons.join(' '));
  return evaluation.plan;
};

test('several databases: the worst decides, and the reasons say which', () => {
  const plan = planned({
    databases: [
      database([statement('EXPAND')], { database: 'b' }),
      database([statement('DATA')], { database: 'a' }),
      database([], { database: 'c' }),
    ],
  });
  expect(plan.mode).toBe('DOWNTIME');
  expect(plan.reasons).toEqual(['a: Migration 20260101_x does something DATA to orders (line 3).']);
  expect(plan.databases.map((each) => each.database)).toEqual(['a', 'b', 'c']);
});

test('AFTER holds beside databases at rest, and not beside other work', () => {
  const after = database([statement('CONTRACT')], { marked: true });
  expect(planned({ databases: [after, database([], { database: 'other' })] }).mode).toBe('AFTER');
  for (const work of ['NEUTRAL', 'EXPAND', 'DATA'] as const) {
    const other = database([statement(work)], { database: 'other' });
    expect(planned({ databases: [after, other] }).mode).toBe('DOWNTIME');
  }
});

test('a first release goes before, costs no outage, and says why', () => {
  const plan = planned({
    stack: infrastructure({ firstRelease: true }),
    databases: [database([statement('OPAQUE', 'L3')])],
  });
  expect(plan).toMatchObject({ mode: 'BEFORE', forecast: { outageSeconds: 0 } });
  expect(plan.reasons[0]).toMatch(/first release/);
});

test.each(['dirty', 'diverged'] as const)('a %s database refuses the deployment and needs an operator', (state) => {
  const evaluation = join({
    databases: [database([], { state, notes: ['Look at 3.'] })],
    stack: stack({ firstRelease: true }),
  });
  expect(evaluation).toEqual({
    outcome: 'refused',
    operator: true,
    reasons: [`Database main is ${state}, and nothing was changed: Look at 3.`],
  });
});

test('a database that nobody evaluated, and what CloudFormation refuses, refuse without an operator', () => {
  expect(join({ databaseNames: ['main'], stack: stack({ refusals: ['No.'] }) })).toEqual({
    outcome: 'refused',
    operator: false,
    reasons: ['Database main was not evaluated: deploy again.', 'No.'],
  });
});

test('what needs a person is asked for whatever the mode, an older release on a newer schema too', () => {
  const plan = planned({ stack: stack({ approvals: ['Bucket goes.'] }), databases: [database([], { ahead: ['9'] })] });
  expect(plan.mode).toBe('NOP');
  expect(plan.approvals).toEqual([
    'Bucket goes.',
    'Database main has migrations that this older release does not know (9): its code may not fit them.',
  ]);
});

test("the application's explicit word wins in both directions, and stands first among the reasons", () => {
  const override = { use: 'BEFORE' as const, reason: 'tried on staging' };
  const plan = planned({ databases: [database([statement('TIGHTEN')])], override });
  expect(plan.mode).toBe('BEFORE');
  expect(plan.reasons[0]).toBe(
    'deploymentConfig.mode says BEFORE (“tried on staging”) at this commit; Slipway would have chosen DOWNTIME.',
  );
  expect(planned({ override: { use: 'DOWNTIME', reason: 'x' } }).mode).toBe('DOWNTIME');
});

test('no word of an application skips pending migrations, a dirty database or a first release', () => {
  const nop = { use: 'NOP' as const, reason: 'x' };
  expect(join({ databases: [database([statement('NEUTRAL')])], override: nop })).toMatchObject({ outcome: 'refused' });
  expect(join({ databases: [database([], { state: 'dirty' })], override: nop })).toMatchObject({ outcome: 'refused' });
  expect(planned({ stack: stack({ firstRelease: true }), override: nop }).mode).toBe('BEFORE');
});

test('hints of PGEval stand among the reasons', () => {
  expect(planned({ databases: [database([], { notes: ['Add this line.'] })] }).reasons).toContain(
    'Database main: Add this line.',
  );
});

test('the hash follows what would be done, and neither desired counts nor the order of things', () => {
  const changes = [
    change('A', 'AWS::SQS::Queue'),
    change('S', 'AWS::ECS::Service', { properties: ['TaskDefinition'] }),
  ];
  const counted = change('S', 'AWS::ECS::Service', { properties: ['DesiredCount', 'TaskDefinition'] });
  const parameters = [{ kind: 'value' as const, name: 'a', value: '1' }];
  const count = { kind: 'desiredCount' as const, name: 'DesiredCountMain', runtime: 'main', initial: 2 };
  const one = planned({ stack: stack({ changes }), parameters });
  expect(
    planned({ stack: stack({ changes: [counted, changes[0] ?? counted] }), parameters: [count, ...parameters] }).hash,
  ).toBe(one.hash);
  expect(one.hash).toMatch(/^[0-9a-f]{64}$/);
  const others = [
    planned({ stack: stack({ changes: changes.slice(1) }), parameters }),
    planned({ stack: stack({ changes }), parameters: [] }),
    planned({ stack: stack({ changes }), parameters, release: 'r2' }),
    planned({ stack: stack({ changes }), parameters, override: { use: 'BEFORE', reason: 'x' } }),
    planned({ stack: stack({ changes }), parameters, databases: [database([], { pendingHash: 'x' })] }),
  ];
  expect(new Set([one.hash, ...others.map((plan) => plan.hash)]).size).toBe(6);
});
