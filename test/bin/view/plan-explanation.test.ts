import { describe, expect, test } from '@jest/globals';
import { planExplanation } from '../../../bin/view/plan-explanation.ts';
import type { PendingMigration } from '../../../functions/domain/migrations/migrations.ts';
import type { Mode, Plan, ResourceChange } from '../../../functions/domain/plan/plan.ts';

const change = (action: ResourceChange['action'], type: string): ResourceChange => ({
  logicalId: `${action}${type}`,
  type: `AWS::Some::${type}`,
  action,
  replacement: 'False',
  properties: [],
  dynamic: false,
});

const migration: PendingMigration = {
  id: '1',
  path: 'db/1.sql',
  checksum: '',
  transactional: true,
  after: false,
  statements: [],
};

const plan = (
  given: Partial<Plan> = {},
  changes: readonly ResourceChange[] = [],
  pending: readonly PendingMigration[] = [],
): Plan => ({
  deploymentId: 'd-1',
  release: 'r1',
  mode: 'BEFORE',
  reasons: ['Because.'],
  stack: {
    firstRelease: false,
    changes,
    kind: 'infrastructure',
    versionIndependent: false,
    additive: true,
    replacesServing: [],
    approvals: [],
    refusals: [],
  },
  databases: [
    {
      database: 'main',
      state: 'clean',
      notes: [],
      pending,
      compatibility: 'NEUTRAL',
      lock: 'L0',
      ahead: [],
      after: false,
      pendingHash: '',
      rows: {},
    },
  ],
  forecast: { outageSeconds: 0, basis: 'table', locks: [], replacements: [] },
  approvals: [],
  hash: '',
  ...given,
});

describe('The explanation of a plan', () => {
  test('begins with the order, which is another in each mode', () => {
    const modes: readonly Mode[] = ['DOWNTIME', 'BEFORE', 'PARALLEL', 'AFTER', 'NOP'];
    const orders = modes.map((mode) => planExplanation(plan({ mode })));
    expect(orders.every(({ length }) => length === 1)).toBe(true);
    expect(new Set(orders.flat()).size).toBe(modes.length);
  });

  test('says what CloudFormation does, each kind of resource once', () => {
    const changes = [
      change('Modify', 'Service'),
      change('Add', 'Secret'),
      change('Add', 'Role'),
      change('Add', 'Role'),
    ];
    expect(planExplanation(plan({}, changes))[1]).toBe('CloudFormation adds Role and Secret, and changes Service.');
  });

  test('of a first release tells neither of an old version nor of the placeholder that goes', () => {
    const changes = [change('Add', 'Service'), change('Remove', 'WaitConditionHandle')];
    const first = plan({}, changes);
    expect(planExplanation({ ...first, stack: { ...first.stack, firstRelease: true } })).toEqual([
      'Everything else is made and migrated first; the service comes last.',
      'CloudFormation adds Service.',
    ]);
  });

  test('says what the migrations lock, and that they lock nothing', () => {
    const { forecast } = plan();
    const locks = ['public.a: L1, blocks reads', 'public.b: L2, blocks writes'];
    expect(planExplanation(plan({ forecast: { ...forecast, locks } }, [], [migration]))[1]).toBe(
      'Locks: public.a: L1, blocks reads; public.b: L2, blocks writes.',
    );
    expect(planExplanation(plan({}, [], [migration]))[1]).toBe('The migration locks nothing that serves.');
  });

  test.each([
    ['table', 'Where this stack has no history, the prediction takes what is usual on AWS.'],
    ['measured', 'The prediction is what these steps took on this stack before.'],
  ] as const)('says where a predicted outage comes from: %s', (basis, sentence) => {
    const { forecast } = plan();
    expect(planExplanation(plan({ mode: 'DOWNTIME', forecast: { ...forecast, outageSeconds: 9, basis } }))[1]).toBe(
      sentence,
    );
  });
});
