import { expect, test } from '@jest/globals';
import { forecast } from '../../../functions/domain/plan/forecast.ts';
import { change, database, stack, statement } from './findings.ts';

const work = database([statement('DATA', 'L2')], { rows: { 'public.orders': 90_000 } });

test('outside DOWNTIME nothing is down', () => {
  expect(forecast('BEFORE', stack(), [work], {}).outageSeconds).toBe(0);
});

test('without a history the outage is that of an ordinary service: down, the longer side, up', () => {
  expect(forecast('DOWNTIME', stack(), [work], {})).toMatchObject({ outageSeconds: 60 + 90 + 120, basis: 'table' });
});

test('with a history it is the medians of this stack, databases side by side', () => {
  const durations = {
    ScaleDown: [10, 90, 20],
    InfraMigrate: [5],
    'PGMigrate.main': [100, 200],
    'PGCleanup.main': [1],
    'PGMigrate.other': [3],
    'PGCleanup.other': [1],
    ScaleUp: [30, 31],
  };
  const other = database([statement('DATA')], { database: 'other' });
  const quiet = database([], { database: 'quiet' });
  expect(forecast('DOWNTIME', stack(), [work, other, quiet], durations)).toMatchObject({
    outageSeconds: 20 + 151 + 31,
    basis: 'measured',
  });
  expect(forecast('DOWNTIME', stack(), [work], { ScaleDown: [1] }).basis).toBe('table');
});

test('locks are told by table with how many rows wait, replacements by name', () => {
  const rewritten = database([{ ...statement('EXPAND', 'L3'), tables: [] }]);
  const changes = [
    change('T', 'AWS::ECS::TaskDefinition', { replacement: 'True' }),
    change('Q', 'AWS::SQS::Queue', { replacement: 'Conditional' }),
  ];
  expect(forecast('DOWNTIME', stack({ changes }), [work, rewritten], {})).toMatchObject({
    locks: [
      'public.orders: L2, blocks writes while it reads every row, about 90000 rows',
      'tables that Slipway does not know: L3, blocks reads and writes while it reads every row',
    ],
    replacements: ['T (AWS::ECS::TaskDefinition)', 'Q (AWS::SQS::Queue), perhaps'],
  });
});
