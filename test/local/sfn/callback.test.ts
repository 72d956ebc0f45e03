import { SendTaskFailureCommand, SendTaskHeartbeatCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import { type Cloud, failing, machine, openCloud, task, types, waitingTask } from './support/cloud.ts';

/** A function that hands its token to the test. */
const keeping = (tokens: string[]) => ({
  keep: ({ token }: { token: string }) => {
    tokens.push(token);
    return 'handed over';
  },
});

const succeed = (cloud: Cloud, taskToken: string | undefined, output: unknown = {}) =>
  cloud.client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
const failTask = (cloud: Cloud, taskToken: string | undefined, rest: object = {}) =>
  cloud.client.send(new SendTaskFailureCommand({ taskToken, ...rest }));
const heartbeat = (cloud: Cloud, taskToken: string | undefined) =>
  cloud.client.send(new SendTaskHeartbeatCommand({ taskToken }));

test('a task waits for its token as long as it takes, and its output is what was sent', async () => {
  const tokens: string[] = [];
  await using cloud = await openCloud({ functions: keeping(tokens) });
  const arn = await cloud.run(machine({ Wait: waitingTask('keep', { ResultPath: '$.result', End: true }) }), { a: 1 });
  await cloud.clock.advance(3 * 365 * 86_400_000);
  expect((await cloud.describe(arn)).status).toBe('RUNNING');
  await succeed(cloud, tokens[0], { b: 2 });
  expect(await cloud.end(arn)).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1,"result":{"b":2}}' });
  const events = await cloud.history(arn);
  expect(types(events)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'TaskScheduled',
    'TaskStarted',
    'TaskSubmitted',
    'TaskSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);
  expect(events[4]?.taskSubmittedEventDetails).toMatchObject({
    resource: 'invoke.waitForTaskToken',
    output: '{"ExecutedVersion":"$LATEST","Payload":"handed over","StatusCode":200}',
  });
  expect(events[5]?.taskSucceededEventDetails).toMatchObject({ output: '{"b":2}' });
});

test('a failure sent for the token has its error and cause, and goes the way of Catch', async () => {
  const tokens: string[] = [];
  await using cloud = await openCloud({ functions: keeping(tokens) });
  const arn = await cloud.run(
    machine({
      Wait: waitingTask('keep', { Catch: [{ ErrorEquals: ['Rejected'], Next: 'Caught' }], End: true }),
      Caught: { Type: 'Pass', End: true },
    }),
  );
  await cloud.clock.advance(0);
  await failTask(cloud, tokens[0], { error: 'Rejected', cause: 'by a person' });
  expect((await cloud.end(arn)).output).toBe('{"Error":"Rejected","Cause":"by a person"}');
});

test('a failure without name is caught by States.ALL, with nulls', async () => {
  const tokens: string[] = [];
  await using cloud = await openCloud({ functions: keeping(tokens) });
  const arn = await cloud.run(
    machine({
      Wait: waitingTask('keep', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }], End: true }),
      Caught: { Type: 'Pass', End: true },
    }),
  );
  await cloud.clock.advance(0);
  await failTask(cloud, tokens[0]);
  expect((await cloud.end(arn)).output).toBe('{"Error":null,"Cause":null}');
});

test('a handler that throws fails the task: it does not go on waiting, and its token is void', async () => {
  const tokens: string[] = [];
  await using cloud = await openCloud({
    functions: {
      keep: ({ token }: { token: string }) => {
        tokens.push(token);
        throw failing('Broken');
      },
    },
  });
  const arn = await cloud.run(machine({ Wait: waitingTask('keep') }));
  expect(await cloud.end(arn)).toMatchObject({ status: 'FAILED', error: 'Broken' });
  expect(types(await cloud.history(arn)).slice(-3)).toEqual(['TaskStarted', 'TaskFailed', 'ExecutionFailed']);
  await expect(succeed(cloud, tokens[0])).rejects.toMatchObject({ name: 'TaskTimedOut' });
});

test('a token may be answered while the handler still runs; what the handler then does changes nothing', async () => {
  let finish = () => {};
  const tokens: string[] = [];
  await using cloud = await openCloud({
    functions: {
      keep: async ({ token }: { token: string }) => {
        tokens.push(token);
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        throw failing('TooLate');
      },
      next: () => 'next ran',
    },
  });
  const arn = await cloud.run(machine({ Wait: waitingTask('keep', { Next: 'Next' }), Next: task('next') }));
  await cloud.clock.advance(0);
  await succeed(cloud, tokens[0]);
  finish();
  expect(await cloud.end(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"next ran"' });
  expect(types(await cloud.history(arn))).not.toContain('TaskFailed');
});

test('every entry and every retry has a token of its own, in branches and iterations too', async () => {
  const tokens: string[] = [];
  await using cloud = await openCloud({ functions: keeping(tokens) });
  const retrying = { Retry: [{ ErrorEquals: ['Again'], IntervalSeconds: 1, MaxAttempts: 1 }], End: true };
  const arn = await cloud.run(
    machine({
      Both: {
        Type: 'Parallel',
        Branches: [machine({ A: waitingTask('keep', retrying) }), machine({ B: waitingTask('keep') })],
        Next: 'Each',
      },
      Each: { Type: 'Map', ItemsPath: '$', ItemProcessor: machine({ C: waitingTask('keep') }), End: true },
    }),
  );
  await cloud.clock.advance(0);
  expect(tokens).toHaveLength(2);
  await failTask(cloud, tokens[0], { error: 'Again' });
  await expect(succeed(cloud, tokens[0])).rejects.toMatchObject({ name: 'TaskTimedOut' });
  await cloud.clock.advance(1000);
  expect(tokens).toHaveLength(3);
  await succeed(cloud, tokens[2], 'a');
  await succeed(cloud, tokens[1], 'b');
  await cloud.clock.advance(0);
  expect(tokens).toHaveLength(5);
  await succeed(cloud, tokens[4], 'second');
  await succeed(cloud, tokens[3], 'first');
  expect((await cloud.end(arn)).output).toBe('["first","second"]');
  expect(new Set(tokens).size).toBe(5);
});

test('a token works once', async () => {
  const tokens: string[] = [];
  await using cloud = await openCloud({ functions: keeping(tokens) });
  await cloud.run(machine({ Wait: waitingTask('keep') }));
  await cloud.clock.advance(0);
  await succeed(cloud, tokens[0]);
  for (const late of [succeed(cloud, tokens[0]), failTask(cloud, tokens[0]), heartbeat(cloud, tokens[0])]) {
    await expect(late).rejects.toMatchObject({
      name: 'TaskTimedOut',
      message: "Task Timed Out: 'Provided task does not exist anymore'",
    });
  }
});

test('a token that is none, and an output that is no JSON, are refused by name', async () => {
  const tokens: string[] = [];
  await using cloud = await openCloud({ functions: keeping(tokens) });
  await cloud.run(machine({ Wait: waitingTask('keep') }));
  await cloud.clock.advance(0);
  await expect(succeed(cloud, 'nonsense')).rejects.toMatchObject({ name: 'InvalidToken' });
  await expect(succeed(cloud, `${tokens[0]}x`.slice(4))).rejects.toMatchObject({ name: 'InvalidToken' });
  await expect(
    cloud.client.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: '{' })),
  ).rejects.toMatchObject({ name: 'InvalidOutput' });
  await using other = await openCloud();
  await expect(succeed(other, tokens[0])).rejects.toMatchObject({ name: 'TaskDoesNotExist' });
});

test('heartbeats keep a task alive; without one it times out under either name', async () => {
  const tokens: string[] = [];
  await using cloud = await openCloud({ functions: keeping(tokens) });
  const beating = {
    HeartbeatSeconds: 10,
    Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Caught' }],
    End: true,
  };
  const arn = await cloud.run(machine({ Wait: waitingTask('keep', beating), Caught: { Type: 'Pass', End: true } }));
  for (let beat = 0; beat < 5; beat += 1) {
    await cloud.clock.advance(9_999);
    await heartbeat(cloud, tokens[0]);
  }
  await cloud.clock.advance(9_999);
  expect((await cloud.describe(arn)).status).toBe('RUNNING');
  await cloud.clock.advance(1);
  expect(await cloud.describe(arn)).toMatchObject({
    status: 'SUCCEEDED',
    output: '{"Error":"States.Timeout","Cause":""}',
  });
  const events = await cloud.history(arn);
  expect(events.find(({ type }) => type === 'TaskScheduled')?.taskScheduledEventDetails).toMatchObject({
    heartbeatInSeconds: 10,
  });
  expect(events.find(({ type }) => type === 'TaskTimedOut')?.taskTimedOutEventDetails).toEqual({
    resourceType: 'lambda',
    resource: 'invoke.waitForTaskToken',
    error: 'States.Timeout',
  });
});

test('a heartbeat does not move the timeout', async () => {
  const tokens: string[] = [];
  await using cloud = await openCloud({ functions: keeping(tokens) });
  const arn = await cloud.run(
    machine({
      Wait: waitingTask('keep', { HeartbeatSecondsPath: '$.beat', TimeoutSecondsPath: '$.limit', End: true }),
    }),
    { beat: 10, limit: 25 },
  );
  for (let beat = 0; beat < 3; beat += 1) {
    await cloud.clock.advance(8_000);
    await heartbeat(cloud, tokens[0]);
  }
  await cloud.clock.advance(1_000);
  expect(await cloud.describe(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
});
