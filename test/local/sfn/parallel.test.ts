import { expect, test } from '@jest/globals';
import { failing, machine, openCloud, task, types } from './support/cloud.ts';

const never = () => new Promise(() => {});
const pass = (Result: unknown) => ({ Type: 'Pass', Result, End: true });
const broken = () => {
  throw failing('Boom');
};
const both = (first: object, second: object, rest: object = { End: true }) => ({
  Type: 'Parallel',
  Branches: [first, second],
  ...rest,
});

test('branches get the effective input, outputs come in the order of the branches', async () => {
  await using cloud = await openCloud({ functions: { echo: (input: unknown) => input } });
  const arn = await cloud.run(
    machine({
      Both: both(
        machine({ Slow: { Type: 'Wait', Seconds: 9, Next: 'A' }, A: task('echo') }),
        machine({ B: pass('b') }),
        {
          InputPath: '$.in',
          Parameters: { 'x.$': '$.y' },
          ResultSelector: { 'first.$': '$[0].x', 'second.$': '$[1]' },
          ResultPath: '$.out',
          End: true,
        },
      ),
    }),
    { in: { y: 1 } },
  );
  expect(JSON.parse((await cloud.end(arn)).output ?? '')).toEqual({ in: { y: 1 }, out: { first: 1, second: 'b' } });
});

test('its events are those of AWS, each following the one before it in its branch', async () => {
  await using cloud = await openCloud();
  const arn = await cloud.run(machine({ Both: both(machine({ A: pass(1) }), machine({ B: pass(2) })) }));
  await cloud.end(arn);
  expect((await cloud.history(arn)).map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
    [1, 0, 'ExecutionStarted'],
    [2, 0, 'ParallelStateEntered'],
    [3, 2, 'ParallelStateStarted'],
    [4, 3, 'PassStateEntered'],
    [5, 4, 'PassStateExited'],
    [6, 3, 'PassStateEntered'],
    [7, 6, 'PassStateExited'],
    [8, 7, 'ParallelStateSucceeded'],
    [9, 7, 'ParallelStateExited'],
    [10, 9, 'ExecutionSucceeded'],
  ]);
});

test('an error that leaves a branch stops the others for good and is caught outside', async () => {
  let finish = () => {};
  await using cloud = await openCloud({
    functions: {
      slow: () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
      later: () => 'ran',
      broken,
    },
  });
  const arn = await cloud.run(
    machine({
      Both: both(
        machine({ Slow: task('slow', { Next: 'Later' }), Later: task('later') }),
        machine({ Short: { Type: 'Wait', Seconds: 5, Next: 'Broken' }, Broken: task('broken') }),
        { Catch: [{ ErrorEquals: ['Boom'], ResultPath: '$.failure', Next: 'Caught' }], End: true },
      ),
      Caught: { Type: 'Wait', Seconds: 100, End: true },
    }),
    { kept: 1 },
  );
  await cloud.clock.advance(5000);
  finish();
  const ended = await cloud.end(arn);
  expect(JSON.parse(ended.output ?? '')).toMatchObject({ kept: 1, failure: { Error: 'Boom' } });
  expect(cloud.called.map(({ name }) => name)).toEqual(['slow', 'broken']);
  const events = await cloud.history(arn);
  const failed = events.find(({ type }) => type === 'LambdaFunctionFailed')?.id;
  const after = events.filter(({ previousEventId }) => previousEventId === failed);
  expect(types(after)).toEqual(['TaskStateAborted', 'TaskStateAborted', 'ParallelStateFailed']);
  expect(types(events).slice(-5)).toEqual([
    'ParallelStateFailed',
    'ParallelStateExited',
    'WaitStateEntered',
    'WaitStateExited',
    'ExecutionSucceeded',
  ]);
});

test('a retry of the Parallel starts every branch again', async () => {
  await using cloud = await openCloud({
    functions: {
      count: (_: unknown, attempt) => attempt,
      flaky: (_: unknown, attempt) => {
        if (attempt < 3) throw failing('Boom');
        return 'well';
      },
    },
  });
  const arn = await cloud.run(
    machine({
      Both: both(machine({ A: task('count') }), machine({ B: task('flaky') }), {
        Retry: [{ ErrorEquals: ['Boom'] }],
        End: true,
      }),
    }),
  );
  expect((await cloud.end(arn)).output).toBe('[3,"well"]');
  const names = types(await cloud.history(arn));
  expect(names.filter((type) => type === 'ParallelStateStarted')).toHaveLength(3);
  expect(names.filter((type) => type === 'ParallelStateEntered')).toHaveLength(1);
  expect(names).not.toContain('ParallelStateFailed');
});

test('an error passes through nested Parallels until something catches it', async () => {
  await using cloud = await openCloud({ functions: { never, broken } });
  const inner = both(machine({ A: task('never') }), machine({ B: task('broken') }));
  const arn = await cloud.run(
    machine({
      Outer: both(
        machine({ Inner: inner }),
        machine({ Side: both(machine({ C: task('never') }), machine({ D: { Type: 'Wait', Seconds: 9, End: true } })) }),
      ),
    }),
  );
  expect(await cloud.end(arn)).toMatchObject({ status: 'FAILED', error: 'Boom' });
  const events = await cloud.history(arn);
  const from = types(events).indexOf('LambdaFunctionFailed');
  expect(types(events).slice(from + 1)).toEqual([
    'TaskStateAborted',
    'TaskStateAborted',
    'ParallelStateFailed',
    'TaskStateAborted',
    'WaitStateAborted',
    'ParallelStateAborted',
    'ParallelStateFailed',
    'ExecutionFailed',
  ]);
});

test('a branch that ends in Fail fails the Parallel with its error', async () => {
  await using cloud = await openCloud();
  const arn = await cloud.run(
    machine({
      Both: both(machine({ A: { Type: 'Fail', Error: 'E', Cause: 'c' } }), machine({ B: pass(1) }), {
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
        End: true,
      }),
      Caught: { Type: 'Pass', End: true },
    }),
  );
  expect((await cloud.end(arn)).output).toBe('{"Error":"E","Cause":"c"}');
});

test('a runtime failure in a branch fails the execution past every Catch', async () => {
  await using cloud = await openCloud();
  const arn = await cloud.run(
    machine({
      Both: both(machine({ A: { Type: 'Pass', InputPath: '$.missing', End: true } }), machine({ B: pass(1) }), {
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
        End: true,
      }),
      Caught: { Type: 'Succeed' },
    }),
  );
  expect(await cloud.end(arn)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
});
