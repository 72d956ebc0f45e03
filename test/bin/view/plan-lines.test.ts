import { describe, expect, test } from '@jest/globals';
import { plain } from '../../../bin/view/paint.ts';
import { answerCalls, planLines } from '../../../bin/view/plan-lines.ts';
import type { Plan } from '../../../functions/domain/plan/plan.ts';

const plan: Plan = {
  deploymentId: 'd-1',
  release: 'r1',
  mode: 'DOWNTIME',
  reasons: ['Migration 1 drops orders.note (line 3).'],
  stack: {
    firstRelease: false,
    changes: [
      {
        logicalId: 'Topic',
        type: 'AWS::SNS::Topic',
        action: 'Remove',
        replacement: 'False',
        properties: [],
        dynamic: false,
      },
    ],
    kind: 'infrastructure',
    versionIndependent: true,
    additive: false,
    replacesServing: [],
    approvals: [],
    refusals: [],
  },
  databases: [
    {
      database: 'main',
      state: 'clean',
      notes: [],
      pending: [
        {
          id: '1',
          path: 'db/migrations/1_drop.sql',
          checksum: '',
          transactional: true,
          after: false,
          statements: [
            {
              line: 3,
              text: 'ALTER TABLE orders DROP COLUMN note',
              compatibility: 'CONTRACT',
              lock: 'L1',
              tables: ['public.orders'],
              reason: 'drops orders.note',
            },
          ],
        },
      ],
      compatibility: 'CONTRACT',
      lock: 'L1',
      ahead: [],
      after: false,
      pendingHash: '',
      rows: {},
    },
  ],
  forecast: { outageSeconds: 40, basis: 'measured', locks: ['public.orders: L1'], replacements: [] },
  approvals: ['Topic is deleted'],
  hash: 'abc123',
};

describe('A plan before it is signed', () => {
  test('shows mode, reasons, outage, what needs a person, locks, migrations, changes and the hash', () => {
    expect(planLines(plan, plain)).toEqual([
      'Plan of d-1: DOWNTIME, nothing serves while infrastructure and data move',
      '  Migration 1 drops orders.note (line 3).',
      '  about 40 s of outage expected, as measured before',
      '',
      'A person has to agree to:',
      '  Topic is deleted',
      '',
      'Locks:',
      '  public.orders: L1',
      '',
      'Migrations:',
      '  main: db/migrations/1_drop.sql: ALTER TABLE orders DROP COLUMN note',
      '',
      'Changes:',
      '  Remove Topic (AWS::SNS::Topic)',
      '',
      'Hash: abc123',
    ]);
  });

  test('leaves out what there is nothing of', () => {
    const quiet = { ...plan, approvals: [], databases: [], forecast: { ...plan.forecast, locks: [] } };
    const titles = planLines(quiet, plain).filter((line) => line.endsWith(':'));
    expect(titles).toEqual(['Changes:']);
  });

  test('comes with the two commands that answer it', () => {
    expect(answerCalls(plan)).toEqual([
      'To let it run:  npm run slipway -- approve d-1 --hash abc123',
      'To stop it:     npm run slipway -- refuse d-1 --hash abc123',
    ]);
  });
});
