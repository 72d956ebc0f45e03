import { GetExecutionHistoryCommand, SendTaskSuccessCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import { machine, openCloud, task, types, waitingTask } from './support/cloud.ts';

const LIMIT = 262_144;
const letters = (bytes: number) => 'x'.repeat(bytes);

test('a result over 256 KiB fails its task, by a name that States.ALL leaves out', async () => {
  await using cloud = await openCloud({ functions: { big: () => letters(LIMIT) } });
  const caughtBy = (name: string) =>
    machine({
      Big: task('big', { Catch: [{ ErrorEquals: [name], Next: 'Caught' }], End: true }),
      Caught: { Type: 'Pass', Result: 1, End: true },
    });
  const byAll = await cloud.run(caughtBy('States.ALL'));
  const byName = await cloud.run(caughtBy('States.DataLimitExceeded'));
  expect(await cloud.end(byAll)).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  expect(types(await cloud.history(byAll)).slice(-2)).toEqual(['LambdaFunctionFailed', 'ExecutionFailed']);
  expect((await cloud.end(byName)).output).toBe('1');
});

test('exactly 256 KiB pass, counted in bytes', async () => {
  await using cloud = await openCloud({
    functions: { big: () => letters(LIMIT - 2), wide: () => 'é'.repeat(LIMIT / 2) },
  });
  expect((await cloud.end(await cloud.run(machine({ Big: task('big') })))).status).toBe('SUCCEEDED');
  expect((await cloud.end(await cloud.run(machine({ Wide: task('wide') })))).error).toBe('States.DataLimitExceeded');
});

test('what a state makes of its data may not pass the limit either', async () => {
  await using cloud = await openCloud();
  const grow = { Type: 'Pass', Parameters: { 'a.$': '$', 'b.$': '$' }, End: true };
  const ended = await cloud.end(await cloud.run(machine({ Grow: grow }), letters(LIMIT / 2)));
  expect(ended).toMatchObject({
    error: 'States.DataLimitExceeded',
    cause: "The state/task 'Grow' returned a result with a size exceeding the maximum number of bytes service limit.",
  });
});

test('inputs and callback outputs over the limit are refused at the door', async () => {
  const tokens: string[] = [];
  await using cloud = await openCloud({
    functions: {
      keep: ({ token }: { token: string }) => {
        tokens.push(token);
      },
    },
  });
  const arn = await cloud.run(machine({ Wait: waitingTask('keep') }));
  const stateMachineArn = arn.replace(':execution:', ':stateMachine:').replace(/:run$/, '');
  const input = JSON.stringify(letters(LIMIT));
  await expect(cloud.client.send(new StartExecutionCommand({ stateMachineArn, input }))).rejects.toMatchObject({
    name: 'InvalidExecutionInput',
  });
  await cloud.clock.advance(0);
  await expect(
    cloud.client.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: input })),
  ).rejects.toMatchObject({ name: 'InvalidOutput' });
  expect((await cloud.describe(arn)).status).toBe('RUNNING');
});

test('event 25,000 is the failure', async () => {
  await using cloud = await openCloud();
  const loop = { Type: 'Choice', Choices: [{ Variable: '$.stop', BooleanEquals: true, Next: 'End' }], Default: 'Loop' };
  const arn = await cloud.run(machine({ Loop: loop, End: { Type: 'Succeed' } }), { stop: false });
  expect(await cloud.end(arn)).toMatchObject({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: 'The execution reached the maximum number of history events (25000).',
  });
  const [last] =
    (await cloud.client.send(new GetExecutionHistoryCommand({ executionArn: arn, reverseOrder: true, maxResults: 1 })))
      .events ?? [];
  expect(last).toMatchObject({ id: 25_000, type: 'ExecutionFailed', previousEventId: 24_999 });
});
