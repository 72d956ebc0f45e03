import { expect, test } from '@jest/globals';
import { failing, machine, openCloud, task, types } from './support/cloud.ts';

const each = (processor: Record<string, object>, rest: object = {}) => ({
  Type: 'Map',
  ItemProcessor: machine(processor),
  End: true,
  ...rest,
});
const echo = (input: unknown) => input;

test('each item is processed, results keep the order of the items', async () => {
  await using cloud = await openCloud({ functions: { double: (n: number) => n * 2 } });
  const wait = { Type: 'Wait', SecondsPath: '$', Next: 'Double' };
  const arn = await cloud.run(
    machine({ Each: each({ Wait: wait, Double: task('double') }, { ItemsPath: '$.items', ResultPath: '$.doubled' }) }),
    { items: [3, 1, 2] },
  );
  expect((await cloud.end(arn)).output).toBe('{"items":[3,1,2],"doubled":[6,2,4]}');
  expect(cloud.called.map(({ payload }) => payload)).toEqual([1, 2, 3]);
});

test('MaxConcurrency bounds how many are at work, and is reached', async () => {
  let now = 0;
  let most = 0;
  await using cloud = await openCloud({
    functions: {
      work: async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
      },
    },
  });
  const arn = await cloud.run(
    machine({ Each: each({ Work: task('work') }, { ItemsPath: '$.items', MaxConcurrencyPath: '$.most' }) }),
    { items: Array.from({ length: 20 }, (_, index) => index), most: 3 },
  );
  for (let round = 0; round < 100 && (await cloud.describe(arn)).status === 'RUNNING'; round += 1)
    await cloud.clock.advance(0);
  expect((await cloud.describe(arn)).status).toBe('SUCCEEDED');
  expect([most, cloud.called.length]).toEqual([3, 20]);
});

test('one at a time, the events are those of AWS', async () => {
  await using cloud = await openCloud();
  const arn = await cloud.run(
    machine({ Each: each({ A: { Type: 'Pass', End: true } }, { MaxConcurrency: 1 }) }),
    [1, 2],
  );
  await cloud.end(arn);
  const events = await cloud.history(arn);
  expect(events.map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
    [1, 0, 'ExecutionStarted'],
    [2, 0, 'MapStateEntered'],
    [3, 2, 'MapStateStarted'],
    [4, 3, 'MapIterationStarted'],
    [5, 4, 'PassStateEntered'],
    [6, 5, 'PassStateExited'],
    [7, 6, 'MapIterationSucceeded'],
    [8, 6, 'MapIterationStarted'],
    [9, 8, 'PassStateEntered'],
    [10, 9, 'PassStateExited'],
    [11, 10, 'MapIterationSucceeded'],
    [12, 11, 'MapStateSucceeded'],
    [13, 11, 'MapStateExited'],
    [14, 13, 'ExecutionSucceeded'],
  ]);
  expect(events[2]?.mapStateStartedEventDetails).toEqual({ length: 2 });
  expect(events[7]?.mapIterationStartedEventDetails).toEqual({ name: 'Each', index: 1 });
});

test('no items are no work', async () => {
  await using cloud = await openCloud();
  const arn = await cloud.run(machine({ Each: each({ A: { Type: 'Pass', End: true } }) }), []);
  expect((await cloud.end(arn)).output).toBe('[]');
  expect(types(await cloud.history(arn)).slice(2, 5)).toEqual([
    'MapStateStarted',
    'MapStateSucceeded',
    'MapStateExited',
  ]);
});

test.each(['ItemSelector', 'Parameters'])('%s shapes each item from item, index, input and context', async (field) => {
  await using cloud = await openCloud({ functions: { echo } });
  const selector = {
    'index.$': '$$.Map.Item.Index',
    'item.$': '$$.Map.Item.Value.id',
    'all.$': '$.shared',
    'run.$': '$$.Execution.Name',
  };
  const arn = await cloud.run(
    machine({ Each: each({ A: task('echo') }, { InputPath: '$.in', ItemsPath: '$.items', [field]: selector }) }),
    {
      in: { shared: 's', items: [{ id: 'a' }, { id: 'b' }] },
    },
  );
  expect(JSON.parse((await cloud.end(arn)).output ?? '')).toEqual([
    { index: 0, item: 'a', all: 's', run: 'run' },
    { index: 1, item: 'b', all: 's', run: 'run' },
  ]);
});

test('states inside an iteration, however deep, read its item and the input of the execution', async () => {
  await using cloud = await openCloud();
  const reading = {
    Type: 'Pass',
    Parameters: {
      'index.$': '$$.Map.Item.Index',
      'value.$': '$$.Map.Item.Value',
      'input.$': '$$.Execution.Input',
      'state.$': '$$.State.Name',
    },
    End: true,
  };
  const inner = { Type: 'Parallel', Branches: [machine({ Read: reading })], OutputPath: '$[0]', End: true };
  const arn = await cloud.run(machine({ Each: each({ Inner: inner }, { ItemsPath: '$.items' }) }), {
    items: ['a', 'b'],
  });
  const input = { items: ['a', 'b'] };
  expect(JSON.parse((await cloud.end(arn)).output ?? '')).toEqual([
    { index: 0, value: 'a', input, state: 'Read' },
    { index: 1, value: 'b', input, state: 'Read' },
  ]);
});

test('a failing iteration stops the others, begins no more, and is caught outside', async () => {
  await using cloud = await openCloud({
    functions: {
      work: (n: number) => {
        if (n === 1) throw failing('Boom');
        return new Promise(() => {});
      },
    },
  });
  const arn = await cloud.run(
    machine({
      Each: each(
        { Work: task('work') },
        { MaxConcurrency: 3, Catch: [{ ErrorEquals: ['Boom'], ResultPath: null, Next: 'Caught' }] },
      ),
      Caught: { Type: 'Pass', End: true },
    }),
    [0, 1, 2, 3],
  );
  expect((await cloud.end(arn)).output).toBe('[0,1,2,3]');
  expect(cloud.called).toHaveLength(3);
  const events = await cloud.history(arn);
  const failed = events.find(({ type }) => type === 'LambdaFunctionFailed')?.id;
  expect(types(events.filter(({ previousEventId }) => previousEventId === failed))).toEqual([
    'MapIterationAborted',
    'TaskStateAborted',
    'MapIterationFailed',
    'TaskStateAborted',
    'MapIterationAborted',
    'TaskStateAborted',
    'MapStateFailed',
  ]);
});

test('a retry of the Map begins with the first item again', async () => {
  await using cloud = await openCloud({
    functions: {
      work: (n: number, attempt) => {
        if (attempt === 2) throw failing('Boom');
        return n;
      },
    },
  });
  const arn = await cloud.run(
    machine({ Each: each({ Work: task('work') }, { MaxConcurrency: 1, Retry: [{ ErrorEquals: ['Boom'] }] }) }),
    ['a', 'b'],
  );
  expect((await cloud.end(arn)).output).toBe('["a","b"]');
  expect(cloud.called.map(({ payload }) => payload)).toEqual(['a', 'b', 'a', 'b']);
});

test.each<[string, object, unknown, string]>([
  ['items that are no list', { ItemsPath: '$.items' }, { items: 'x' }, 'Reference path "$.items" must point to array.'],
  [
    'a concurrency that is no number',
    { ItemsPath: '$.items', MaxConcurrencyPath: '$.most' },
    { items: [], most: 'NoNumber' },
    'The MaxConcurrencyPath field refers to value "NoNumber" which is not a valid integer: $.most',
  ],
  [
    'a selector that finds nothing',
    { ItemsPath: '$.items', ItemSelector: { 'x.$': '$.gone' } },
    { items: [1] },
    "The JSONPath '$.gone' specified for the field 'x.$' could not be found",
  ],
])('%s fail the execution', async (_what, fields, input, cause) => {
  await using cloud = await openCloud();
  const ended = await cloud.end(
    await cloud.run(machine({ Each: each({ A: { Type: 'Pass', End: true } }, fields) }), input),
  );
  expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  expect(ended.cause).toContain(`(entered at the event id #2). ${cause}`);
});

test('a selector that fails only for a later item fails the Map itself, and stops what is at work', async () => {
  await using cloud = await openCloud();
  const selector = { 'x.$': 'States.ArrayGetItem($$.Map.Item.Value, 0)' };
  const arn = await cloud.run(
    machine({
      Each: each(
        { A: { Type: 'Pass', End: true } },
        {
          MaxConcurrency: 1,
          ItemSelector: selector,
          Catch: [{ ErrorEquals: ['States.IntrinsicFailure'], ResultPath: '$', Next: 'Caught' }],
        },
      ),
      Caught: { Type: 'Pass', End: true },
    }),
    [[1], []],
  );
  const output = JSON.parse((await cloud.end(arn)).output ?? '');
  expect(output.Error).toBe('States.IntrinsicFailure');
  expect(output.Cause).toContain("executing the state 'Each'");
});
