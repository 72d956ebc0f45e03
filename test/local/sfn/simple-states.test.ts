import { expect, test } from '@jest/globals';
import { machine, openCloud, ROLE, START, types } from './support/cloud.ts';

const outputOf = async (state: object, input: unknown) => {
  await using cloud = await openCloud();
  const ended = await cloud.end(await cloud.run(machine({ Only: { End: true, ...state } }), input));
  return ended.output === undefined ? { error: ended.error, cause: ended.cause } : JSON.parse(ended.output);
};

test.each<[string, object, unknown, unknown]>([
  ['hands on its input', {}, { a: 1 }, { a: 1 }],
  ['hands on its result as it stands', { Result: { 'x.$': '$.no' } }, { a: 1 }, { 'x.$': '$.no' }],
  [
    'puts its result into the raw input',
    { InputPath: '$.a', Result: 2, ResultPath: '$.b.c' },
    { a: 1 },
    { a: 1, b: { c: 2 } },
  ],
  [
    'puts its parameters into the raw input',
    { InputPath: '$.a', Parameters: { 'd.$': '$.b' }, ResultPath: '$.e' },
    { a: { b: 1 } },
    { a: { b: 1 }, e: { d: 1 } },
  ],
  ['throws its result away', { Result: 2, ResultPath: null }, { a: 1 }, { a: 1 }],
  ['chooses its output', { Result: 2, ResultPath: '$.b', OutputPath: '$.b' }, { a: 1 }, 2],
  ['chooses many outputs', { OutputPath: '$.list[*].id' }, { list: [{ id: 1 }, { id: 2 }] }, [1, 2]],
  ['gives nothing for a null OutputPath', { OutputPath: null }, { a: 1 }, {}],
  ['takes nothing for a null InputPath', { InputPath: null }, { a: 1 }, {}],
  ['reads the context in its paths', { InputPath: '$$.Execution.Input' }, { a: 1 }, { a: 1 }],
])('Pass %s', async (_what, state, input, expected) => {
  expect(await outputOf({ Type: 'Pass', ...state }, input)).toEqual(expected);
});

test('the context object is the one of AWS', async () => {
  const arn = 'arn:aws:states:eu-west-1:123456789012';
  expect(await outputOf({ Type: 'Pass', InputPath: '$$' }, { a: 1 })).toEqual({
    Execution: {
      Id: `${arn}:execution:machine-0:run`,
      Input: { a: 1 },
      StartTime: new Date(START).toISOString(),
      Name: 'run',
      RoleArn: ROLE,
      RedriveCount: 0,
    },
    StateMachine: { Id: `${arn}:stateMachine:machine-0`, Name: 'machine-0' },
    State: { Name: 'Only', EnteredTime: new Date(START).toISOString() },
  });
});

test.each<[string, object, object]>([
  ['without anything', {}, { error: undefined, cause: undefined }],
  ['with both', { Error: 'E', Cause: 'c' }, { error: 'E', cause: 'c' }],
  ['by paths', { ErrorPath: '$.e', CausePath: '$$.Execution.Name' }, { error: 'shop', cause: 'run' }],
  [
    'by an intrinsic',
    { Error: 'E', CausePath: "States.Format('{} failed', $.e)" },
    { error: 'E', cause: 'shop failed' },
  ],
])('Fail %s', async (_what, state, expected) => {
  await using cloud = await openCloud();
  const arn = await cloud.run(machine({ No: { Type: 'Fail', ...state } }), { e: 'shop' });
  const { status, error, cause } = await cloud.end(arn);
  expect({ status, error, cause }).toEqual({ status: 'FAILED', ...expected });
  expect(types(await cloud.history(arn))).toEqual(['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']);
});

test('a Fail whose path finds nothing is a runtime failure', async () => {
  await using cloud = await openCloud();
  const ended = await cloud.end(await cloud.run(machine({ No: { Type: 'Fail', ErrorPath: '$.gone' } })));
  expect(ended.cause).toContain(
    "The JSONPath '$.gone' specified for the field 'ErrorPath' could not be found in the input '{}'",
  );
});

test('Succeed chooses its output and ends', async () => {
  await using cloud = await openCloud();
  const arn = await cloud.run(machine({ Yes: { Type: 'Succeed', InputPath: '$.a', OutputPath: '$.b' } }), {
    a: { b: 1 },
  });
  expect((await cloud.end(arn)).output).toBe('1');
  expect(types(await cloud.history(arn)).slice(1, 3)).toEqual(['SucceedStateEntered', 'SucceedStateExited']);
});

test.each<[string, object, unknown, number]>([
  ['Seconds', { Seconds: 90 }, {}, 90_000],
  ['SecondsPath', { SecondsPath: '$.in.s', InputPath: '$' }, { in: { s: 7 } }, 7_000],
  ['Timestamp', { Timestamp: new Date(START + 5_500).toISOString() }, {}, 5_500],
  ['TimestampPath', { TimestampPath: '$.t' }, { t: new Date(START + 1_000).toISOString() }, 1_000],
  ['a time that is past', { Timestamp: '2001-01-01T00:00:00Z' }, {}, 0],
  ['no seconds', { Seconds: 0 }, {}, 0],
])('Wait for %s ends exactly then', async (_what, fields, input, millis) => {
  await using cloud = await openCloud();
  const arn = await cloud.run(machine({ Wait: { Type: 'Wait', ...fields, End: true } }), input);
  if (millis > 0) {
    await cloud.clock.advance(millis - 1);
    expect((await cloud.describe(arn)).status).toBe('RUNNING');
    await cloud.clock.advance(1);
  }
  expect(await cloud.describe(arn)).toMatchObject({ status: 'SUCCEEDED', stopDate: new Date(START + millis) });
  expect(types(await cloud.history(arn)).slice(1, 3)).toEqual(['WaitStateEntered', 'WaitStateExited']);
});

test.each<[object, unknown, string]>([
  [{ SecondsPath: '$.s' }, { s: -1 }, 'The SecondsPath parameter references a negative value: $.s == -1'],
  [{ SecondsPath: '$.s' }, { s: 1.5 }, 'The SecondsPath parameter cannot be parsed as a long value: $.s == 1.5'],
  [
    { TimestampPath: '$.t' },
    { t: '2016-12-05 21:29:29Z' },
    'The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.t == 2016-12-05 21:29:29Z',
  ],
  [{ TimestampPath: '$.t' }, { t: '9999-12-05T21:29:29Z' }, 'Wait state delay is too long.'],
])('Wait with %j and %j fails as on AWS', async (fields, input, cause) => {
  expect(await outputOf({ Type: 'Wait', ...fields }, input)).toEqual({
    error: 'States.Runtime',
    cause: `An error occurred while executing the state 'Only' (entered at the event id #2). ${cause}`,
  });
});
