import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import { standingClock } from '../../../infra/local/clock.ts';
import { failing, machine, openCloud, type Script, START, scratch, task, types, waitingTask } from './support/cloud.ts';

const never = () => new Promise(() => {});

/** Runs a machine for a while, lets the process die, and opens the cloud again on the same file, some time later. */
const lives = async (
  definition: object,
  input: unknown,
  functions: Readonly<Record<string, Script>>,
  { before, down = 0 }: { before: number; down?: number },
) => {
  const { file, ...disposable } = scratch();
  const clock = standingClock(START);
  const first = await openCloud({ file, clock, functions });
  const arn = await first.run(definition, input);
  await clock.advance(before);
  const firstCalls = [...first.called];
  await first.die();
  await clock.advance(down);
  const cloud = await openCloud({ file, clock, functions });
  return {
    arn,
    cloud,
    clock,
    firstCalls,
    [Symbol.asyncDispose]: async () => {
      await cloud[Symbol.asyncDispose]();
      disposable[Symbol.dispose]();
    },
  };
};

test('a Wait goes on to its own due time, not to a new one', async () => {
  await using life = await lives(
    machine({ Wait: { Type: 'Wait', Seconds: 100, End: true } }),
    {},
    {},
    { before: 40_000, down: 20_000 },
  );
  await life.clock.advance(39_999);
  expect((await life.cloud.describe(life.arn)).status).toBe('RUNNING');
  await life.clock.advance(1);
  expect(await life.cloud.describe(life.arn)).toMatchObject({
    status: 'SUCCEEDED',
    stopDate: new Date(START + 100_000),
  });
});

test('what fell due while the cloud was down happens at once', async () => {
  await using life = await lives(
    machine({ Wait: { Type: 'Wait', Seconds: 100, End: true } }),
    {},
    {},
    { before: 40_000, down: 1_000_000 },
  );
  expect(await life.cloud.describe(life.arn)).toMatchObject({
    status: 'SUCCEEDED',
    stopDate: new Date(START + 1_040_000),
  });
});

test('an open token stays valid, with its timeout', async () => {
  const tokens: string[] = [];
  const keep = ({ token }: { token: string }) => {
    tokens.push(token);
  };
  const definition = machine({ Wait: waitingTask('keep', { TimeoutSeconds: 100, End: true }) });
  await using answered = await lives(definition, {}, { keep }, { before: 10_000 });
  await answered.cloud.client.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: '"yes"' }));
  expect((await answered.cloud.end(answered.arn)).output).toBe('"yes"');
  await using late = await lives(definition, {}, { keep }, { before: 10_000 });
  await late.clock.advance(90_000);
  expect(await late.cloud.describe(late.arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
});

test('a call that was under way fails as a broken connection, which a Retry treats', async () => {
  const hangFirst = (_: unknown, attempt: number) => (attempt === 1 ? never() : 'second');
  const functions = { f: hangFirst };
  const Retry = [{ ErrorEquals: ['Lambda.SdkClientException'], IntervalSeconds: 5 }];
  await using life = await lives(machine({ Do: task('f', { Retry, End: true }) }), {}, functions, { before: 1_000 });
  expect(types(await life.cloud.history(life.arn))).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'LambdaFunctionScheduled',
    'LambdaFunctionStarted',
    'LambdaFunctionFailed',
  ]);
  await life.clock.advance(4_999);
  expect(life.cloud.called).toHaveLength(0);
  await life.clock.advance(1);
  expect(life.cloud.called).toHaveLength(1);
});

test('without a Retry such a call fails the execution, by the name of AWS', async () => {
  await using life = await lives(machine({ Do: task('never') }), {}, { never }, { before: 0 });
  const ended = await life.cloud.describe(life.arn);
  expect(ended).toMatchObject({ status: 'FAILED', error: 'Lambda.SdkClientException' });
  expect(ended.cause).toContain('the embedded cloud stopped while the function was running');
  expect(life.cloud.emitted.map(({ detail }) => detail)).toEqual([expect.objectContaining({ status: 'FAILED' })]);
});

test('a retry that was waited for comes at its time', async () => {
  const functions = {
    f: () => {
      throw failing('Busy');
    },
  };
  const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 60, MaxAttempts: 1 }];
  await using life = await lives(machine({ Do: task('f', { Retry, End: true }) }), {}, functions, { before: 30_000 });
  await life.clock.advance(29_999);
  expect(life.cloud.called).toHaveLength(0);
  await life.clock.advance(1);
  expect(await life.cloud.describe(life.arn)).toMatchObject({ status: 'FAILED', error: 'Busy' });
  expect([life.firstCalls.length, life.cloud.called.length]).toEqual([1, 1]);
});

test('branches and iterations go on where each of them stood', async () => {
  const tokens: string[] = [];
  const functions = {
    keep: ({ token }: { token: string }) => {
      tokens.push(token);
    },
    quick: (n: number) => n * 10,
    never,
  };
  const caught = {
    Catch: [{ ErrorEquals: ['Lambda.SdkClientException'], ResultPath: '$.failed', Next: 'Rescued' }],
    End: true,
  };
  const branches = [
    machine({ A: waitingTask('keep') }),
    machine({ B: { Type: 'Wait', Seconds: 50, Next: 'B2' }, B2: { Type: 'Pass', Result: 'b', End: true } }),
    machine({ C: { Type: 'Pass', Result: 'c', End: true } }),
    machine({
      D: {
        Type: 'Map',
        ItemsPath: '$.items',
        MaxConcurrency: 1,
        ItemProcessor: machine({ E: task('quick', { Next: 'E2' }), E2: { Type: 'Wait', Seconds: 20, End: true } }),
        End: true,
      },
    }),
    machine({ F: task('never', caught), Rescued: { Type: 'Pass', Result: 'rescued', End: true } }),
  ];
  const definition = machine({ All: { Type: 'Parallel', Branches: branches, End: true } }, { TimeoutSeconds: 1000 });
  await using life = await lives(definition, { items: [1, 2, 3] }, functions, { before: 30_000 });
  await life.clock.advance(30_000);
  await life.cloud.client.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: '"a"' }));
  expect((await life.cloud.end(life.arn)).output).toBe('["a","b","c",[10,20,30],"rescued"]');
  const quick = ({ name }: { name: string }) => name === 'quick';
  expect([life.firstCalls.filter(quick).length, life.cloud.called.filter(quick).length]).toEqual([2, 1]);
  const events = await life.cloud.history(life.arn);
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
});

test("the machine's own timeout survives", async () => {
  await using life = await lives(
    machine({ Wait: { Type: 'Wait', Seconds: 1000, End: true } }, { TimeoutSeconds: 60 }),
    {},
    {},
    { before: 30_000 },
  );
  await life.clock.advance(30_000);
  expect(await life.cloud.describe(life.arn)).toMatchObject({
    status: 'TIMED_OUT',
    stopDate: new Date(START + 60_000),
  });
});

test('an execution keeps its definition across the restart, and its end is told', async () => {
  const { file, ...disposable } = scratch();
  using _ = disposable;
  const clock = standingClock(START);
  const first = await openCloud({ file, clock });
  const arn = await first.run(
    machine({ Wait: { Type: 'Wait', Seconds: 10, Next: 'P' }, P: { Type: 'Pass', Result: 'old', End: true } }),
    {},
    'm',
  );
  const update = { definition: JSON.stringify(machine({ Q: { Type: 'Pass', Result: 'new', End: true } })) };
  await first.part.resources?.['AWS::StepFunctions::StateMachine']?.update({
    type: 'AWS::StepFunctions::StateMachine',
    logicalId: 'M',
    properties: { DefinitionString: update.definition, RoleArn: 'arn:aws:iam::123456789012:role/other' },
    previous: {},
    stackName: 's',
    stackId: 's',
    seed: 's',
    signal: new AbortController().signal,
    physicalId: arn.replace(':execution:', ':stateMachine:').replace(/:run$/, ''),
  });
  await first.die();
  await using second = await openCloud({ file, clock });
  await clock.advance(10_000);
  expect(await second.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '"old"' });
  expect(second.emitted.map(({ detail }) => detail)).toEqual([
    expect.objectContaining({ executionArn: arn, status: 'SUCCEEDED' }),
  ]);
});

test('a second restart finds nothing left to do', async () => {
  const { file, ...disposable } = scratch();
  using _ = disposable;
  const first = await openCloud({ file });
  const arn = await first.run(machine({ P: { Type: 'Pass', End: true } }));
  await first.die();
  await using second = await openCloud({ file });
  expect(second.emitted).toEqual([]);
  expect((await second.describe(arn)).status).toBe('SUCCEEDED');
});
