import { expect, test } from '@jest/globals';
import type { Recording } from '../../../bin/bench/virtual/recording.ts';
import { sampleFrom } from '../../../bin/bench/virtual/sample.ts';
import type { Deployed } from '../../../bin/bench/virtual/virtual-slipway.ts';
import { dollarsOf } from '../../../bin/costs/prices.ts';

const SECOND = 1000;

const event = (id: number, previousEventId: number, seconds: number, type: string, name?: string) => ({
  id,
  previousEventId,
  timestampMillis: seconds * SECOND,
  type,
  ...(name && { stateEnteredEventDetails: { name, input: '{}' } }),
});

const call = (service: string, operation: string, word: string | undefined, seconds = 2) => ({
  service,
  operation,
  word,
  atMillis: seconds * SECOND,
});

const recording: Recording = {
  histories: new Map(),
  calls: [
    call('s3', 'GET', 'build-release'),
    call('cloudformation', 'DescribeStacks', 'sweep'),
    call('cloudformation', 'DescribeStacks', 'stack-wait', 5),
    call('cloudformation', 'CreateChangeSet', 'version-migrate', 6),
    call('cloudformation', 'DescribeChangeSet', 'version-migrate'),
    call('dynamodb', 'PutItem', 'version-migrate'),
    call('ecs', 'ListTasks', 'complete-callback'),
    call('dynamodb', 'GetItem', undefined),
  ],
  invocations: [{ word: 'version-migrate', fromMillis: 0, toMillis: 2 * SECOND }],
  waits: [{ operation: 'apigateway.call', what: undefined, fromMillis: 1000, millis: 20 }],
};

/** Half a second each before and after a stack operation of 100 s; the function fails once before. */
const deployed = {
  deployment: {},
  history: [
    event(1, 0, 10, 'ExecutionStarted'),
    event(2, 0, 10, 'TaskStateEntered', 'VersionMigrate-nop'),
    event(3, 2, 10, 'TaskFailed'),
    event(4, 3, 10.25, 'TaskSubmitted'),
    event(5, 4, 111, 'TaskSucceeded'),
    event(6, 5, 111, 'TaskStateExited'),
    event(7, 6, 111, 'ExecutionSucceeded'),
  ],
  operations: [{ kind: 'stack operation', step: 'VersionMigrate', fromMillis: 10_500, toMillis: 110_500 }],
  recording,
} as unknown as Deployed;

test('wall, critical path and what lies between come from one history', () => {
  const sample = sampleFrom('NOP', deployed, '1');
  expect(sample).toMatchObject({
    wallMillis: 101_000,
    transitions: 1,
    events: 7,
    waits: 1,
    lagMillis: 500,
    againMillis: 250,
  });
  expect(sample.criticalMillis).toBeGreaterThan(100_000);
  expect(sample.criticalMillis).toBeLessThan(101_000);
  expect(sample.waitedMillis).toBe(100_500);
  expect(sample.overheads).toEqual({ 'VersionMigrate-nop': 1000 });
  expect(sample.outage).toBeUndefined();
});

test('calls are counted by what they are for; those of the request and of the operator are not', () => {
  expect(sampleFrom('NOP', deployed, '1').calls).toEqual({ mutations: 1, reads: 3, looks: 1, own: 1, sweeps: 1 });
});

test('a push has come to CloudFormation with the first call that no sweep made', () => {
  expect(sampleFrom('NOP', deployed, '1').pushToCloudFormationMillis).toBe(4000);
});

test('others wait for the same operations: 100 s are noticed after 100 s by a look every five, after 120 s by one every thirty', () => {
  const { peers } = sampleFrom('NOP', deployed, '1');
  expect(peers['cdk']).toEqual({ wallMillis: 100_000, looks: 21 });
  expect(peers['cli']).toEqual({ wallMillis: 120_000, looks: 5 });
  expect(peers['ecsAction']?.wallMillis).toBeGreaterThan(100_000);
});

test('a deployment costs its transitions, its functions while they wait, and its records; sweeps cost it nothing', () => {
  const functions = 0.2e-6 + 2 * 0.5 * 0.0000133334;
  const records = 0.625e-6 + 0.0004e-3;
  expect(dollarsOf(sampleFrom('NOP', deployed, '1').units)).toBeCloseTo(functions + records, 12);
});
