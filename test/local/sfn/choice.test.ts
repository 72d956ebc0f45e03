import { expect, test } from '@jest/globals';
import { holds, type Rule } from '../../../infra/local/sfn/choice/rule.ts';
import { machine, openCloud, types } from './support/cloud.ts';

const view = {
  input: {
    s: 'banana',
    n: 7,
    yes: true,
    none: null,
    at: '2026-01-01T12:00:00Z',
    same: '2026-01-01T13:00:00+01:00',
    star: 'a*b',
    other: { s: 'cherry', n: 7, yes: false, at: '2026-06-01T00:00:00.5Z' },
  },
  context: { Execution: { Name: 'run-1' } },
  random: () => 0,
};

test.each<[Rule, boolean]>([
  [{ Variable: '$.s', StringEquals: 'banana' }, true],
  [{ Variable: '$.s', StringEquals: 'Banana' }, false],
  [{ Variable: '$.s', StringLessThan: 'cherry' }, true],
  [{ Variable: '$.s', StringGreaterThan: 'cherry' }, false],
  [{ Variable: '$.s', StringLessThanEquals: 'banana' }, true],
  [{ Variable: '$.s', StringGreaterThanEquals: 'banana' }, true],
  [{ Variable: '$.s', StringLessThanPath: '$.other.s' }, true],
  [{ Variable: '$.s', StringEqualsPath: '$.other.s' }, false],
  [{ Variable: '$.n', StringEquals: '7' }, false],
  [{ Variable: '$.s', StringMatches: 'b*n?' }, false],
  [{ Variable: '$.s', StringMatches: 'b*na' }, true],
  [{ Variable: '$.s', StringMatches: '*' }, true],
  [{ Variable: '$.star', StringMatches: 'a\\*b' }, true],
  [{ Variable: '$.s', StringMatches: 'ban\\*' }, false],
  [{ Variable: '$.s', StringMatches: 'b.n.n.' }, false],
  [{ Variable: '$.n', NumericEquals: 7 }, true],
  [{ Variable: '$.n', NumericEquals: 7.0001 }, false],
  [{ Variable: '$.n', NumericLessThan: 7 }, false],
  [{ Variable: '$.n', NumericGreaterThan: 6 }, true],
  [{ Variable: '$.n', NumericLessThanEquals: 7 }, true],
  [{ Variable: '$.n', NumericGreaterThanEquals: 8 }, false],
  [{ Variable: '$.n', NumericEqualsPath: '$.other.n' }, true],
  [{ Variable: '$.s', NumericEquals: 7 }, false],
  [{ Variable: '$.yes', BooleanEquals: true }, true],
  [{ Variable: '$.yes', BooleanEquals: false }, false],
  [{ Variable: '$.yes', BooleanEqualsPath: '$.other.yes' }, false],
  [{ Variable: '$.s', BooleanEquals: false }, false],
  [{ Variable: '$.at', TimestampEquals: '2026-01-01T12:00:00.000Z' }, true],
  [{ Variable: '$.at', TimestampEqualsPath: '$.same' }, true],
  [{ Variable: '$.at', TimestampLessThan: '2026-01-01T12:00:01Z' }, true],
  [{ Variable: '$.at', TimestampLessThanPath: '$.other.at' }, true],
  [{ Variable: '$.at', TimestampGreaterThan: '2026-01-01T12:00:01Z' }, false],
  [{ Variable: '$.s', TimestampLessThan: '2026-01-01T12:00:01Z' }, false],
  [{ Variable: '$.none', IsNull: true }, true],
  [{ Variable: '$.s', IsNull: false }, true],
  [{ Variable: '$.s', IsString: true }, true],
  [{ Variable: '$.n', IsNumeric: true }, true],
  [{ Variable: '$.n', IsString: true }, false],
  [{ Variable: '$.yes', IsBoolean: true }, true],
  [{ Variable: '$.at', IsTimestamp: true }, true],
  [{ Variable: '$.s', IsTimestamp: true }, false],
  [{ Variable: '$.s', IsPresent: true }, true],
  [{ Variable: '$.none', IsPresent: true }, true],
  [{ Variable: '$.missing', IsPresent: true }, false],
  [{ Variable: '$.missing', IsPresent: false }, true],
  [{ Variable: '$$.Execution.Name', StringEquals: 'run-1' }, true],
  [{ Not: { Variable: '$.n', NumericEquals: 8 } }, true],
  [
    {
      And: [
        { Variable: '$.n', NumericEquals: 7 },
        { Variable: '$.s', StringEquals: 'x' },
      ],
    },
    false,
  ],
  [
    {
      Or: [
        { Variable: '$.n', NumericEquals: 8 },
        { Variable: '$.s', IsString: true },
      ],
    },
    true,
  ],
  [
    {
      And: [
        { Variable: '$.gone', IsPresent: true },
        { Variable: '$.gone', StringEquals: 'x' },
      ],
    },
    false,
  ],
])('%j is %s', (rule, expected) => {
  expect(holds(rule, view)).toBe(expected);
});

const choice = (rest: object) =>
  machine({
    Which: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericGreaterThan: 5, Next: 'Big' }], ...rest },
    Big: { Type: 'Pass', Result: 'big', End: true },
    ...('Default' in rest ? { Small: { Type: 'Pass', Result: 'small', End: true } } : {}),
  });

test('the first rule that holds is taken, else the default', async () => {
  await using cloud = await openCloud();
  const big = await cloud.run(choice({ Default: 'Small' }), { n: 9 });
  const small = await cloud.run(choice({ Default: 'Small' }), { n: 1 });
  expect((await cloud.end(big)).output).toBe('"big"');
  expect((await cloud.end(small)).output).toBe('"small"');
  expect(types(await cloud.history(big))).toEqual([
    'ExecutionStarted',
    'ChoiceStateEntered',
    'ChoiceStateExited',
    'PassStateEntered',
    'PassStateExited',
    'ExecutionSucceeded',
  ]);
});

test('no rule and no default fail the execution by name', async () => {
  await using cloud = await openCloud();
  const ended = await cloud.end(await cloud.run(choice({}), { n: 1 }));
  expect(ended).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
});

test('a variable that is not there fails the execution', async () => {
  await using cloud = await openCloud();
  const ended = await cloud.end(await cloud.run(choice({ Default: 'Small' }), {}));
  expect(ended.error).toBe('States.Runtime');
  expect(ended.cause).toBe(
    "An error occurred while executing the state 'Which' (entered at the event id #2). Invalid path '$.n': The choice state's condition path references an invalid value.",
  );
});
