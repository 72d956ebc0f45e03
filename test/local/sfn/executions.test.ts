import {
  DescribeExecutionCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { expect, test } from '@jest/globals';
import { AwsError } from '../../../infra/local/wire/service.ts';
import { machine, openCloud, START, task, types, waitingTask } from './support/cloud.ts';

const machineArn = (executionArn: string) =>
  executionArn.replace(':execution:', ':stateMachine:').replace(/:[^:]*$/, '');
const waiting = machine({ Wait: { Type: 'Wait', Seconds: 100, Next: 'After' }, After: task('after') });
const after = { after: () => 'after' };

test('a start with the same name and input is the execution that runs', async () => {
  await using cloud = await openCloud({ functions: after });
  const arn = await cloud.run(waiting, { a: 1 });
  const start = (name: string, input: string) =>
    cloud.client.send(new StartExecutionCommand({ stateMachineArn: machineArn(arn), name, input }));
  await cloud.clock.advance(10_000);
  expect(await start('run', '{"a":1}')).toMatchObject({ executionArn: arn, startDate: new Date(START) });
  await expect(start('run', '{"a":2}')).rejects.toMatchObject({
    name: 'ExecutionAlreadyExists',
    message: `Execution Already Exists: '${arn}'`,
  });
  await cloud.end(arn);
  expect(cloud.called).toHaveLength(1);
  await expect(start('run', '{"a":1}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
});

test('a name is free again 90 days after its execution closed', async () => {
  await using cloud = await openCloud({ functions: after });
  const arn = await cloud.run(waiting);
  const again = () =>
    cloud.client.send(new StartExecutionCommand({ stateMachineArn: machineArn(arn), name: 'run', input: '"new"' }));
  await cloud.clock.advance(100_000);
  await cloud.clock.advance(90 * 86_400_000 - 1);
  await expect(again()).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  await cloud.clock.advance(1);
  await again();
  expect(await cloud.describe(arn)).toMatchObject({ status: 'RUNNING', input: '"new"' });
  expect(types(await cloud.history(arn))).toEqual(['ExecutionStarted', 'WaitStateEntered']);
});

test('without name and input, a start makes up a name and gives an empty object', async () => {
  await using cloud = await openCloud({ functions: after });
  const first = await cloud.run(waiting);
  const stateMachineArn = machineArn(first);
  const { executionArn = '' } = await cloud.client.send(new StartExecutionCommand({ stateMachineArn }));
  expect(executionArn).toMatch(/:execution:machine-0:[0-9a-f-]{36}$/);
  expect(await cloud.describe(executionArn)).toMatchObject({
    input: '{}',
    status: 'RUNNING',
    redriveStatus: 'NOT_REDRIVABLE',
    inputDetails: { included: true },
  });
});

test.each([
  '',
  'a b',
  'a<b',
  'a{b',
  'a[b',
  'a?',
  'a*',
  'a"b',
  'a#',
  'a%',
  'a\\',
  'a^',
  'a|',
  'a~',
  'a`',
  'a$',
  'a&',
  'a,',
  'a;',
  'a:',
  'a/',
  'a\u0001',
  'x'.repeat(81),
])('the name %j is refused', async (name) => {
  await using cloud = await openCloud({ functions: after });
  const stateMachineArn = machineArn(await cloud.run(waiting));
  await expect(cloud.client.send(new StartExecutionCommand({ stateMachineArn, name }))).rejects.toMatchObject({
    name: 'InvalidName',
  });
});

test('a name of 80 characters with points, dashes and plus signs is fine', async () => {
  await using cloud = await openCloud({ functions: after });
  const stateMachineArn = machineArn(await cloud.run(waiting));
  const name = `a.b-c_d+e=f@g!${'x'.repeat(66)}`;
  expect((await cloud.client.send(new StartExecutionCommand({ stateMachineArn, name }))).executionArn).toMatch(
    /x{66}$/,
  );
});

test.each(['not json', '', '{'])('the input %j is refused', async (input) => {
  await using cloud = await openCloud({ functions: after });
  const stateMachineArn = machineArn(await cloud.run(waiting));
  await expect(cloud.client.send(new StartExecutionCommand({ stateMachineArn, input }))).rejects.toMatchObject({
    name: 'InvalidExecutionInput',
  });
});

test('what does not exist is named as AWS names it', async () => {
  await using cloud = await openCloud();
  const stateMachineArn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:none';
  const executionArn = 'arn:aws:states:eu-west-1:123456789012:execution:none:run';
  const refused = (command: unknown) => expect(cloud.client.send(command as StartExecutionCommand)).rejects;
  await refused(new StartExecutionCommand({ stateMachineArn })).toMatchObject({ name: 'StateMachineDoesNotExist' });
  await refused(new ListExecutionsCommand({ stateMachineArn })).toMatchObject({ name: 'StateMachineDoesNotExist' });
  const asking = (arn: string) => [
    new DescribeExecutionCommand({ executionArn: arn }),
    new StopExecutionCommand({ executionArn: arn }),
    new GetExecutionHistoryCommand({ executionArn: arn }),
    new DescribeStateMachineForExecutionCommand({ executionArn: arn }),
  ];
  for (const command of asking(executionArn)) await refused(command).toMatchObject({ name: 'ExecutionDoesNotExist' });
  for (const command of asking(stateMachineArn)) await refused(command).toMatchObject({ name: 'InvalidArn' });
  await refused(new StartExecutionCommand({ stateMachineArn: 'none' })).toMatchObject({ name: 'InvalidArn' });
});

test('stopping really stops: no later state runs, late answers are refused, the history says so', async () => {
  const tokens: string[] = [];
  let finish = () => {};
  await using cloud = await openCloud({
    functions: {
      keep: ({ token }: { token: string }) => {
        tokens.push(token);
      },
      slow: () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
      later: () => 'ran',
    },
  });
  const branches = [
    machine({ A: waitingTask('keep', { Next: 'LaterA' }), LaterA: task('later') }),
    machine({ B: task('slow', { Next: 'LaterB' }), LaterB: task('later') }),
    machine({ C: { Type: 'Wait', Seconds: 10, Next: 'LaterC' }, LaterC: task('later') }),
  ];
  const arn = await cloud.run(
    machine({
      All: {
        Type: 'Parallel',
        Branches: branches,
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
        End: true,
      },
      Caught: task('later'),
    }),
  );
  await cloud.clock.advance(5_000);
  const { stopDate } = await cloud.client.send(
    new StopExecutionCommand({ executionArn: arn, error: 'Stopped', cause: 'by hand' }),
  );
  finish();
  await cloud.clock.advance(60_000);
  await expect(
    cloud.client.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: '1' })),
  ).rejects.toMatchObject({ name: 'TaskTimedOut' });
  expect(await cloud.describe(arn)).toMatchObject({
    status: 'ABORTED',
    error: 'Stopped',
    cause: 'by hand',
    stopDate: new Date(START + 5_000),
  });
  expect(stopDate).toEqual(new Date(START + 5_000));
  const last = (await cloud.history(arn)).at(-1);
  expect(last).toMatchObject({
    type: 'ExecutionAborted',
    previousEventId: 0,
    executionAbortedEventDetails: { error: 'Stopped', cause: 'by hand' },
  });
  expect(cloud.called.map(({ name }) => name)).toEqual(['keep', 'slow']);
  const again = await cloud.client.send(new StopExecutionCommand({ executionArn: arn }));
  expect(again.stopDate).toEqual(stopDate);
});

test('executions are listed latest first, by status and page by page', async () => {
  await using cloud = await openCloud({ functions: after });
  const stateMachineArn = machineArn(await cloud.run(waiting));
  const names = ['run'];
  for (const name of ['b', 'c', 'd', 'e']) {
    await cloud.clock.advance(1_000);
    await cloud.client.send(new StartExecutionCommand({ stateMachineArn, name }));
    names.unshift(name);
  }
  await cloud.clock.advance(97_000);
  const list = (rest: object) => cloud.client.send(new ListExecutionsCommand({ stateMachineArn, ...rest }));
  const seen: (string | undefined)[] = [];
  let nextToken: string | undefined;
  do {
    const page = await list({ maxResults: 2, ...(nextToken ? { nextToken } : {}) });
    seen.push(...(page.executions ?? []).map(({ name }) => name));
    nextToken = page.nextToken;
  } while (nextToken);
  expect(seen).toEqual(names);
  const named = async (statusFilter: 'RUNNING' | 'SUCCEEDED') =>
    (await list({ statusFilter })).executions?.map(({ name }) => name);
  expect(await named('SUCCEEDED')).toEqual(['b', 'run']);
  expect(await named('RUNNING')).toEqual(['e', 'd', 'c']);
  await expect(list({ statusFilter: 'succeeded' })).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(list({ maxResults: 1001 })).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(list({ nextToken: 'x' })).rejects.toMatchObject({ name: 'InvalidToken' });
});

test('the history comes page by page, either way round', async () => {
  await using cloud = await openCloud({ functions: after });
  const executionArn = await cloud.run(waiting);
  await cloud.end(executionArn);
  const ids = async (reverseOrder: boolean) => {
    const seen: (number | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await cloud.client.send(
        new GetExecutionHistoryCommand({
          executionArn,
          reverseOrder,
          maxResults: 4,
          ...(nextToken ? { nextToken } : {}),
        }),
      );
      seen.push(...(page.events ?? []).map(({ id }) => id));
      nextToken = page.nextToken;
    } while (nextToken);
    return seen;
  };
  const forward = Array.from({ length: 9 }, (_, index) => index + 1);
  expect(await ids(false)).toEqual(forward);
  expect(await ids(true)).toEqual(forward.reverse());
});

test('a history without execution data has events, names and no data', async () => {
  await using cloud = await openCloud({ functions: after });
  const executionArn = await cloud.run(waiting, { secret: 1 });
  await cloud.end(executionArn);
  const { events } = await cloud.client.send(
    new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false }),
  );
  expect(JSON.stringify(events)).not.toMatch(/secret|"input"|"output"/);
  expect(events?.[1]?.stateEnteredEventDetails).toEqual({ name: 'Wait' });
});

test('an execution keeps the definition and the role it started with', async () => {
  await using cloud = await openCloud({ functions: { ...after, other: () => 'other' } });
  const arn = await cloud.run(waiting);
  const stateMachineArn = machineArn(arn);
  const definition = JSON.stringify(
    machine({ Wait: { Type: 'Wait', Seconds: 100, Next: 'After' }, After: task('other') }),
  );
  await cloud.client.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
  await cloud.client.send(new StartExecutionCommand({ stateMachineArn, name: 'new' }));
  const described = await cloud.client.send(new DescribeStateMachineForExecutionCommand({ executionArn: arn }));
  expect(JSON.parse(described.definition ?? '')).toEqual(waiting);
  expect((await cloud.end(arn)).output).toBe('"after"');
  expect((await cloud.end(arn.replace(/run$/, 'new'))).output).toBe('"other"');
});

test('each operation asks for its IAM action on the resource it touches', async () => {
  const asked: [string, readonly string[]][] = [];
  await using cloud = await openCloud({
    functions: after,
    authorize: (action, resources) => {
      asked.push([action, resources]);
      if (action === 'states:StopExecution') throw new AwsError('AccessDeniedException', 'User is not authorized', 400);
    },
  });
  const executionArn = await cloud.run(waiting);
  const stateMachineArn = machineArn(executionArn);
  await cloud.describe(executionArn);
  await cloud.history(executionArn);
  await cloud.client.send(new ListExecutionsCommand({ stateMachineArn }));
  await expect(cloud.client.send(new StopExecutionCommand({ executionArn }))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
  await expect(cloud.client.send(new SendTaskSuccessCommand({ taskToken: 'x', output: '1' }))).rejects.toMatchObject({
    name: 'InvalidToken',
  });
  expect(asked).toEqual([
    ['states:CreateStateMachine', [stateMachineArn]],
    ['states:StartExecution', [stateMachineArn]],
    ['states:DescribeExecution', [executionArn]],
    ['states:GetExecutionHistory', [executionArn]],
    ['states:ListExecutions', [stateMachineArn]],
    ['states:StopExecution', [executionArn]],
    ['states:SendTaskSuccess', ['*']],
  ]);
  expect((await cloud.describe(executionArn)).status).toBe('RUNNING');
});

test('each change of status is told to EventBridge, once, in the shape of AWS', async () => {
  await using cloud = await openCloud({ functions: after });
  const arn = await cloud.run(waiting, { a: 1 });
  await cloud.end(arn);
  const failed = await cloud.run(machine({ No: { Type: 'Fail', Error: 'E', Cause: 'c' } }));
  const base = {
    executionArn: arn,
    stateMachineArn: machineArn(arn),
    name: 'run',
    startDate: START,
    input: '{"a":1}',
    stateMachineVersionArn: null,
    stateMachineAliasArn: null,
    redriveCount: 0,
    redriveDate: null,
    inputDetails: { included: true },
    error: null,
    cause: null,
  };
  expect(cloud.emitted.slice(0, 2)).toEqual([
    {
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      resources: [arn],
      detail: {
        ...base,
        status: 'RUNNING',
        stopDate: null,
        output: null,
        outputDetails: null,
        redriveStatus: 'NOT_REDRIVABLE',
        redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
      },
    },
    {
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      resources: [arn],
      detail: {
        ...base,
        status: 'SUCCEEDED',
        stopDate: START + 100_000,
        output: '"after"',
        outputDetails: { included: true },
        redriveStatus: 'NOT_REDRIVABLE',
        redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
      },
    },
  ]);
  expect(cloud.emitted.slice(2).map(({ detail }) => detail)).toEqual([
    expect.objectContaining({ executionArn: failed, status: 'RUNNING', error: null, stopDate: null }),
    expect.objectContaining({
      executionArn: failed,
      status: 'FAILED',
      error: 'E',
      cause: 'c',
      redriveStatus: 'REDRIVABLE',
    }),
  ]);
});

test('a listener sees each event of the history, in order, once it is stored', async () => {
  const seen: [string, number, string][] = [];
  await using cloud = await openCloud({
    functions: after,
    onHistory: (arn, { id, type }) => seen.push([arn, id, type]),
  });
  const arn = await cloud.run(waiting);
  await cloud.end(arn);
  expect(seen).toEqual((await cloud.history(arn)).map(({ id, type }) => [arn, id, type]));
});
