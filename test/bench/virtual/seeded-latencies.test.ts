import { expect, test } from '@jest/globals';
import { calls, operations } from '../../../bin/bench/virtual/latency-table.ts';
import { seededLatencies } from '../../../bin/bench/virtual/seeded-latencies.ts';

const drawn = (seed: string, stretch: number, operation: string, what?: string) => {
  const draw = seededLatencies({ seed, stretch });
  return Array.from({ length: 1001 }, () => draw(operation, what)).sort((a, b) => a - b);
};

test('every latency names its source, and its rare case is not shorter than its common one', () => {
  for (const latency of [...Object.values(operations), ...Object.values(calls)]) {
    expect(latency.source).not.toBe('');
    expect(latency.p99).toBeGreaterThanOrEqual(latency.p50);
  }
});

test('half of all draws are below the median of the table, and none is beyond its 99th of a hundred', () => {
  const [found, table] = [drawn('1', 1, 'events.delivery'), calls['events.delivery']];
  expect(Math.abs((found[500] ?? 0) / (table?.p50 ?? 1) - 1)).toBeLessThan(0.1);
  expect(found.at(-1)).toBeLessThanOrEqual(table?.p99 ?? 0);
});

test('the same seed draws the same, another one does not', () => {
  expect(drawn('1', 1, 'ecs.pull')).toEqual(drawn('1', 1, 'ecs.pull'));
  expect(drawn('1', 1, 'ecs.pull')).not.toEqual(drawn('2', 1, 'ecs.pull'));
});

test("only AWS's own operations are stretched", () => {
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  expect(total(drawn('1', 10, 'ecs.pull')) / total(drawn('1', 1, 'ecs.pull'))).toBeCloseTo(10, 2);
  expect(drawn('1', 10, 'dynamodb.call')).toEqual(drawn('1', 1, 'dynamodb.call'));
});

test('a kind of its own goes before the operation, a call of any service before nothing', () => {
  const draw = seededLatencies({ seed: '1', stretch: 1 });
  expect(draw('cloudformation.update', 'AWS::ECS::Service')).toBeGreaterThan(15_000);
  expect(draw('cloudformation.update', 'AWS::ECS::TaskDefinition')).toBeLessThanOrEqual(15_000);
  expect(draw('logs.call', 'FilterLogEvents')).toBeGreaterThan(0);
  expect(draw('kitchen.sink')).toBe(0);
});
