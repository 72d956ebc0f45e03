import { expect, test } from '@jest/globals';
import { failing, machine, openCloud, task, types } from './support/cloud.ts';

test('a plain function takes the input and gives the output, with events of its own names', async () => {
  await using cloud = await openCloud({ functions: { double: ({ n }: { n: number }) => ({ n: n * 2 }) } });
  const arn = await cloud.run(machine({ Double: task('double') }), { n: 21 });
  expect(await cloud.end(arn)).toMatchObject({ status: 'SUCCEEDED', output: '{"n":42}' });
  const events = await cloud.history(arn);
  expect(events.map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
    [1, 0, 'ExecutionStarted'],
    [2, 0, 'TaskStateEntered'],
    [3, 2, 'LambdaFunctionScheduled'],
    [4, 3, 'LambdaFunctionStarted'],
    [5, 4, 'LambdaFunctionSucceeded'],
    [6, 5, 'TaskStateExited'],
    [7, 6, 'ExecutionSucceeded'],
  ]);
});

test('a handler error is the error name, its whole document the cause', async () => {
  await using cloud = await openCloud({
    functions: {
      broken: () => {
        throw failing('Boom');
      },
    },
  });
  const arn = await cloud.run(machine({ Do: task('broken') }));
  const ended = await cloud.end(arn);
  expect(ended).toMatchObject({ status: 'FAILED', error: 'Boom' });
  expect(JSON.parse(ended.cause ?? '')).toEqual({ errorType: 'Boom', errorMessage: 'Boom happened', trace: [] });
  expect(types(await cloud.history(arn)).slice(-2)).toEqual(['LambdaFunctionFailed', 'ExecutionFailed']);
});
