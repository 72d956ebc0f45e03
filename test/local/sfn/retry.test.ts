import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { delayMillis } from '../../../infra/local/sfn/retry.ts';
import { failing, machine, openCloud, START, task, types } from './support/cloud.ts';

const throwing =
  (name: string, times = Number.POSITIVE_INFINITY) =>
  (_: unknown, attempt: number) => {
    if (attempt <= times) throw failing(name);
    return { attempt };
  };

const retrying = (Retry: object[], rest: object = {}) => machine({ Do: task('f', { Retry, End: true, ...rest }) });

test('retries wait longer each time, and the state is entered once', async () => {
  await using cloud = await openCloud({ functions: { f: throwing('Busy', 2) } });
  const arn = await cloud.run(retrying([{ ErrorEquals: ['Busy'], IntervalSeconds: 10, BackoffRate: 3 }]));
  expect(await cloud.end(arn)).toMatchObject({ status: 'SUCCEEDED', output: '{"attempt":3}' });
  const events = await cloud.history(arn);
  const scheduled = events.filter(({ type }) => type === 'LambdaFunctionScheduled');
  expect(scheduled.map(({ timestamp }) => (Number(timestamp) - START) / 1000)).toEqual([0, 10, 40]);
  expect(types(events).filter((type) => type === 'TaskStateEntered')).toHaveLength(1);
  const failed = events.find(({ type }) => type === 'LambdaFunctionFailed');
  expect(scheduled[1]?.previousEventId).toBe(failed?.id);
});

test.each<[string, object[], number]>([
  ['three tries follow the first by default', [{ ErrorEquals: ['Busy'] }], 4],
  ['MaxAttempts 0 means never', [{ ErrorEquals: ['Busy'], MaxAttempts: 0 }], 1],
  ['another name is not retried', [{ ErrorEquals: ['Other'] }], 1],
  ['States.ALL means a handler error', [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }], 2],
  ['States.TaskFailed means a handler error', [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1 }], 2],
  [
    'only the first retrier that matches counts',
    [{ ErrorEquals: ['Busy'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }],
    1,
  ],
])('%s', async (_title, Retry, calls) => {
  await using cloud = await openCloud({ functions: { f: throwing('Busy') } });
  const ended = await cloud.end(await cloud.run(retrying(Retry)));
  expect(ended).toMatchObject({ status: 'FAILED', error: 'Busy' });
  expect(cloud.called).toHaveLength(calls);
});

test('each retrier counts its own tries', async () => {
  const errors = ['A', 'B', 'A', 'B', 'A'];
  await using cloud = await openCloud({
    functions: {
      f: (_: unknown, attempt) => {
        throw failing(errors[attempt - 1] ?? 'Enough');
      },
    },
  });
  const two = (name: string) => ({ ErrorEquals: [name], MaxAttempts: 2 });
  const ended = await cloud.end(await cloud.run(retrying([two('A'), two('B')])));
  expect(ended.error).toBe('A');
  expect(cloud.called).toHaveLength(5);
});

test('retries begin anew when the state is entered again', async () => {
  await using cloud = await openCloud({
    functions: { f: throwing('Busy'), again: (_: unknown, attempt) => ({ more: attempt < 2 }) },
  });
  const arn = await cloud.run(
    machine({
      Do: task('f', {
        Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ['Busy'], Next: 'Again' }],
        End: true,
      }),
      Again: task('again', { Next: 'More' }),
      More: { Type: 'Choice', Choices: [{ Variable: '$.more', BooleanEquals: true, Next: 'Do' }], Default: 'Done' },
      Done: { Type: 'Succeed' },
    }),
  );
  expect(await cloud.end(arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(cloud.called.filter(({ name }) => name === 'f')).toHaveLength(4);
});

test('the context counts the retries', async () => {
  await using cloud = await openCloud({ functions: { f: throwing('Busy', 2) } });
  const arn = await cloud.run(
    retrying([{ ErrorEquals: ['Busy'] }], {
      Parameters: { 'count.$': '$$.State.RetryCount', 'name.$': '$$.State.Name' },
    }),
  );
  await cloud.end(arn);
  expect(cloud.called.map(({ payload }) => payload)).toEqual([0, 1, 2].map((count) => ({ count, name: 'Do' })));
});

test('a delay never passes MaxDelaySeconds, and full jitter takes any part of it', () => {
  const whole = fc.integer({ min: 1, max: 100 });
  fc.assert(
    fc.property(
      whole,
      fc.double({ min: 1, max: 5, noNaN: true }),
      whole,
      fc.nat(20),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (IntervalSeconds, BackoffRate, MaxDelaySeconds, tried, random) => {
        const retrier = { ErrorEquals: [], IntervalSeconds, BackoffRate, MaxDelaySeconds };
        const plain = delayMillis(retrier, tried, random);
        expect(plain).toBe(Math.round(Math.min(IntervalSeconds * BackoffRate ** tried, MaxDelaySeconds) * 1000));
        const jittered = delayMillis({ ...retrier, JitterStrategy: 'FULL' }, tried, random);
        expect(jittered).toBeGreaterThanOrEqual(0);
        expect(jittered).toBeLessThanOrEqual(plain);
      },
    ),
  );
});

test('jitter is drawn from the execution itself: the same run waits the same time', async () => {
  const gaps = async () => {
    await using cloud = await openCloud({ functions: { f: throwing('Busy', 3) } });
    const arn = await cloud.run(retrying([{ ErrorEquals: ['Busy'], IntervalSeconds: 100, JitterStrategy: 'FULL' }]));
    await cloud.end(arn);
    const events = await cloud.history(arn);
    return events
      .filter(({ type }) => type === 'LambdaFunctionScheduled')
      .map(({ timestamp }) => Number(timestamp) - START);
  };
  const [first, second] = [await gaps(), await gaps()];
  expect(first).toEqual(second);
  expect(new Set(first).size).toBe(4);
});

test('a catch hands on error and cause at its ResultPath, and what it leads to goes on', async () => {
  await using cloud = await openCloud({ functions: { f: throwing('Boom') } });
  const Catch = [
    { ErrorEquals: ['Other'], Next: 'Wrong' },
    { ErrorEquals: ['States.TaskFailed'], ResultPath: '$.failure', Next: 'Right' },
  ];
  const arn = await cloud.run(
    machine({
      Do: task('f', { InputPath: '$.inner', Catch, End: true }),
      Wrong: { Type: 'Fail' },
      Right: { Type: 'Pass', End: true },
    }),
    { inner: {}, kept: true },
  );
  const output = JSON.parse((await cloud.end(arn)).output ?? '');
  expect(output).toMatchObject({ kept: true, inner: {}, failure: { Error: 'Boom' } });
  expect(JSON.parse(output.failure.Cause)).toMatchObject({ errorType: 'Boom' });
  expect(types(await cloud.history(arn)).slice(4, 7)).toEqual([
    'LambdaFunctionFailed',
    'TaskStateExited',
    'PassStateEntered',
  ]);
});

test('a runtime failure is neither caught nor retried, whatever the names say', async () => {
  await using cloud = await openCloud({ functions: { f: () => ({}) } });
  const names = ['States.Runtime', 'States.ALL'];
  const arn = await cloud.run(
    machine({
      Do: task('f', {
        OutputPath: '$.missing',
        Retry: names.map((name) => ({ ErrorEquals: [name] })),
        Catch: names.map((name) => ({ ErrorEquals: [name], Next: 'Caught' })),
        End: true,
      }),
      Caught: { Type: 'Succeed' },
    }),
  );
  const ended = await cloud.end(arn);
  expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  expect(ended.cause).toBe(
    "An error occurred while executing the state 'Do' (entered at the event id #2). Invalid path '$.missing' : No results for path: $['missing']",
  );
  expect(types(await cloud.history(arn)).slice(-2)).toEqual(['LambdaFunctionSucceeded', 'ExecutionFailed']);
});

test('a result that has no place in the input can be caught by its name', async () => {
  await using cloud = await openCloud({ functions: { f: () => 1 } });
  const arn = await cloud.run(
    machine({
      Do: task('f', {
        ResultPath: '$.a.b',
        Catch: [{ ErrorEquals: ['States.ResultPathMatchFailure'], Next: 'Caught' }],
        End: true,
      }),
      Caught: { Type: 'Succeed' },
    }),
    { a: 'text' },
  );
  expect(await cloud.end(arn)).toMatchObject({ status: 'SUCCEEDED' });
});
