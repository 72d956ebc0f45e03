import { expect, test } from '@jest/globals';
import { machine, openCloud, START, task, types } from './support/cloud.ts';

const never = () => new Promise(() => {});

test('a task that takes too long times out, and each retry has the whole time again', async () => {
  await using cloud = await openCloud({ functions: { never } });
  const Retry = [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 5, MaxAttempts: 1 }];
  const arn = await cloud.run(machine({ Do: task('never', { TimeoutSeconds: 30, Retry, End: true }) }));
  await cloud.clock.advance(64_999);
  expect((await cloud.describe(arn)).status).toBe('RUNNING');
  await cloud.clock.advance(1);
  const ended = await cloud.describe(arn);
  expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  expect(ended.cause).toBeUndefined();
  const events = await cloud.history(arn);
  expect(types(events).slice(-2)).toEqual(['LambdaFunctionTimedOut', 'ExecutionFailed']);
  expect(events.at(-1)).toMatchObject({
    timestamp: new Date(START + 65_000),
    executionFailedEventDetails: { error: 'States.Timeout' },
  });
});

test('States.TaskFailed does not mean a timeout, States.ALL does', async () => {
  await using cloud = await openCloud({ functions: { never } });
  const caughtBy = (...names: string[]) =>
    machine({
      Do: task('never', {
        TimeoutSeconds: 1,
        Catch: names.map((name) => ({ ErrorEquals: [name], Next: name })),
        End: true,
      }),
      ...Object.fromEntries(names.map((name) => [name, { Type: 'Pass', Result: name, End: true }])),
    });
  const both = await cloud.run(caughtBy('States.TaskFailed', 'States.ALL'));
  const one = await cloud.run(caughtBy('States.TaskFailed'));
  expect((await cloud.end(both)).output).toBe('"States.ALL"');
  expect(await cloud.end(one)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
});

test('a task without a timeout may take years', async () => {
  await using cloud = await openCloud({ functions: { never } });
  const arn = await cloud.run(machine({ Do: task('never') }));
  await cloud.clock.advance(2 * 365 * 86_400_000);
  expect((await cloud.describe(arn)).status).toBe('RUNNING');
});

test('the machine itself times out, whatever it waits for', async () => {
  await using cloud = await openCloud({ functions: { never } });
  const arn = await cloud.run(
    machine(
      {
        Both: {
          Type: 'Parallel',
          Branches: [machine({ A: task('never') }), machine({ B: { Type: 'Wait', Seconds: 1000, End: true } })],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
          End: true,
        },
        Caught: { Type: 'Succeed' },
      },
      { TimeoutSeconds: 60 },
    ),
  );
  await cloud.clock.advance(60_000);
  expect(await cloud.describe(arn)).toMatchObject({
    status: 'TIMED_OUT',
    error: 'States.Timeout',
    stopDate: new Date(START + 60_000),
  });
  expect(types(await cloud.history(arn)).at(-1)).toBe('ExecutionTimedOut');
  await cloud.clock.advance(10_000_000);
  expect(types(await cloud.history(arn)).at(-1)).toBe('ExecutionTimedOut');
});

test('a timeout that its path does not find fails the execution', async () => {
  await using cloud = await openCloud({ functions: { never } });
  const ended = await cloud.end(
    await cloud.run(machine({ Do: task('never', { TimeoutSecondsPath: '$.limit', End: true }) })),
  );
  expect(ended).toMatchObject({ error: 'States.Runtime' });
  expect(ended.cause).toContain("Invalid path '$.limit' : No results for path: $['limit']");
});
