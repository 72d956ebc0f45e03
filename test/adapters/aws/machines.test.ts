import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, expect, test } from '@jest/globals';
import { stepFunctionsMachines } from '../../../functions/adapters/aws/machines.ts';
import type { Machines } from '../../../functions/ports.ts';
import { type Cloud, openCloud } from '../../local/sfn/support/cloud.ts';
import { eventually } from '../../local/test-world.ts';

let cloud: Cloud;
afterEach(async () => {
  await cloud[Symbol.asyncDispose]();
});

const WAITING = {
  StartAt: 'Wait',
  States: {
    Wait: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: {
        FunctionName: 'arn:aws:lambda:eu-west-1:123456789012:function:step',
        Payload: { 'taskToken.$': '$$.Task.Token' },
      },
      TimeoutSeconds: 60,
      End: true,
    },
  },
};

/** A machine that waits for a task token, and has been started once. */
const waiting = async () => {
  const tokens: string[] = [];
  cloud = await openCloud({
    functions: {
      step: ({ taskToken }: { taskToken: string }) => {
        tokens.push(taskToken);
      },
    },
  });
  const first = await cloud.run(WAITING, { a: 1 });
  const { stateMachineArn = '' } = await cloud.describe(first);
  await eventually('a task token', () => tokens.length > 0);
  const machines: Machines = stepFunctionsMachines(cloud.client, { deployment: stateMachineArn });
  return { first, machines, stateMachineArn, taskToken: tokens[0] ?? '' };
};

test('an execution is started once: the same name and input again is the same execution', async () => {
  const { machines, stateMachineArn } = await waiting();
  const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:d-1-1`;
  expect(await machines.start('deployment', 'd-1-1', { deploymentId: 'd-1' })).toEqual({ kind: 'started', arn });
  expect(await machines.start('deployment', 'd-1-1', { deploymentId: 'd-1' })).toEqual({ kind: 'started', arn });
  expect(await machines.find(arn)).toEqual({ status: 'RUNNING' });
});

test('a name that is taken by another input, or by an execution that has ended, exists', async () => {
  const { machines, first } = await waiting();
  expect(await machines.start('deployment', 'run', { a: 2 })).toEqual({ kind: 'exists', arn: first });
  await cloud.client.send(new StopExecutionCommand({ executionArn: first }));
  expect(await machines.start('deployment', 'run', { a: 1 })).toEqual({ kind: 'exists', arn: first });
  expect(await machines.find(first)).toEqual({ status: 'ABORTED' });
});

test('an execution that is not there is undefined', async () => {
  const { machines, first } = await waiting();
  expect(await machines.find(`${first}-none`)).toBeUndefined();
});

test('a machine that a function was not told of cannot be started by it', async () => {
  const { machines } = await waiting();
  await expect(machines.start('request', 'x', {})).rejects.toThrow('This function may not start the request machine');
});

test('a name that Step Functions does not take is a fault', async () => {
  const { machines } = await waiting();
  await expect(machines.start('deployment', 'a/b', {})).rejects.toMatchObject({ name: 'InvalidName' });
});

test('a task token takes one answer', async () => {
  const { machines, taskToken, first } = await waiting();
  expect(await machines.succeed(taskToken, { outcome: 'PINNED' })).toBe(true);
  expect(await machines.succeed(taskToken, { outcome: 'LATE' })).toBe(false);
  expect(await machines.fail(taskToken, 'Late', 'too late')).toBe(false);
  const ended = await cloud.end(first);
  expect(ended).toMatchObject({ status: 'SUCCEEDED', output: '{"outcome":"PINNED"}' });
});

test('a failure carries its name and its cause, as much of it as Step Functions takes', async () => {
  const { machines, taskToken, first } = await waiting();
  expect(await machines.fail(taskToken, 'MigrationFailed', 'x'.repeat(40_000))).toBe(true);
  const ended = await cloud.end(first);
  expect(ended).toMatchObject({ status: 'FAILED', error: 'MigrationFailed' });
  expect(ended.cause).toHaveLength(32_000);
});

test('nobody waits for a token whose time is over, nor for one that never was', async () => {
  const { machines, taskToken, first } = await waiting();
  await cloud.clock.advance(61_000);
  expect((await cloud.end(first)).status).toBe('FAILED');
  expect(await machines.succeed(taskToken, {})).toBe(false);
  expect(await machines.fail('no-token', 'X', 'y')).toBe(false);
});

test('an answer that is too large is a fault, and the wait goes on', async () => {
  const { machines, taskToken } = await waiting();
  await expect(machines.succeed(taskToken, { text: 'x'.repeat(300_000) })).rejects.toThrow();
  expect(await machines.succeed(taskToken, {})).toBe(true);
});

const CHOOSES = {
  StartAt: 'Ends',
  States: {
    Ends: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.end', StringEquals: 'FAILED', Next: 'Failed' },
        { Variable: '$.end', StringEquals: 'TIMED_OUT', Next: 'Long' },
      ],
      Default: 'Done',
    },
    Failed: { Type: 'Fail', Error: 'Broken', Cause: 'on demand' },
    Long: { Type: 'Wait', Seconds: 3600, Next: 'Done' },
    Done: { Type: 'Succeed' },
  },
  TimeoutSeconds: 60,
};

test('requests that a fault ended are listed with their input; one that went well or was stopped by a person is not', async () => {
  cloud = await openCloud({ functions: {} });
  const first = await cloud.run(CHOOSES, { end: 'SUCCEEDED' });
  const { stateMachineArn = '' } = await cloud.describe(first);
  const machines: Machines = stepFunctionsMachines(cloud.client, { request: stateMachineArn });
  const before = new Date(cloud.clock.now());
  const started = async (name: string, end: string) => (await machines.start('request', name, { end })).arn;
  const failed = await started('broken', 'FAILED');
  const late = await started('late', 'TIMED_OUT');
  const stopped = await started('stopped', 'TIMED_OUT');
  await cloud.client.send(new StopExecutionCommand({ executionArn: stopped }));
  await cloud.clock.advance(61_000);
  for (const arn of [first, failed, late]) await cloud.end(arn);
  const listed = await machines.listFailedRequests(before);
  expect(listed.map(({ arn, name }) => [arn, name])).toEqual([
    [failed, 'broken'],
    [late, 'late'],
  ]);
  expect(await machines.inputOf(failed)).toEqual({ end: 'FAILED' });
  const since = new Date(Date.parse(listed[0]?.stoppedAt ?? '') + 30_000);
  expect((await machines.listFailedRequests(since)).map(({ name }) => name)).toEqual(['late']);
});
