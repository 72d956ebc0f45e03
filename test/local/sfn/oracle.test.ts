import { expect, test } from '@jest/globals';
import { isObject, type Json } from '../../../infra/local/sfn/data/json.ts';
import { machine, task } from './support/cloud.ts';
import { runOracle, runOurs, type Tries } from './support/oracle.ts';

interface Case {
  readonly definition: ReturnType<typeof machine>;
  readonly input?: Json;
  readonly scripts?: Readonly<Record<string, Tries>>;
}

const invoke = (name: string, payload: object, rest: object = { End: true }) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: name, Payload: payload },
  ...rest,
});
const pass = (rest: object = {}) => ({ Type: 'Pass', ...('Next' in rest ? {} : { End: true }), ...rest });
const catchAll = (Next: string, rest: object = {}) => ({ Catch: [{ ErrorEquals: ['States.ALL'], Next, ...rest }] });

const cases: Readonly<Record<string, Case>> = {
  'data flow of a Pass': {
    definition: machine({
      A: pass({
        InputPath: '$.a',
        Parameters: { 'x.$': '$.b', y: [1, { 'z.$': '$$.Execution.Name' }] },
        ResultPath: '$.r.s',
        OutputPath: '$.r',
      }),
    }),
    input: { a: { b: [1, 2] } },
  },
  'a result at a list index': {
    definition: machine({ A: pass({ Result: 9, ResultPath: '$.list[1]' }) }),
    input: { list: [1, 2, 3] },
  },
  'null paths': {
    definition: machine({ A: pass({ InputPath: null, Next: 'B' }), B: pass({ Result: 1, ResultPath: null }) }),
    input: { a: 1 },
  },
  'paths that find many': {
    definition: machine({
      A: pass({
        Parameters: {
          'ids.$': '$.items[*].id',
          'some.$': '$.items[1:].id',
          'deep.$': '$..id',
          'dear.$': '$.items[?(@.price > 5)].id',
        },
      }),
    }),
    input: {
      items: [
        { id: 1, price: 4 },
        { id: 2, price: 6 },
        { id: 3, price: 9 },
      ],
    },
  },
  'a result selector': {
    definition: machine({
      A: task('f', { ResultSelector: { 'n.$': '$.deep.n', fixed: true }, ResultPath: '$.out', End: true }),
    }),
    input: { a: 1 },
    scripts: { f: [{ gives: { deep: { n: 3 } } }] },
  },
  'the Lambda integration': {
    definition: machine({
      A: invoke('f', { 'p.$': '$.a' }, { ResultPath: '$.r', Next: 'B' }),
      B: invoke('g', { 'q.$': '$.r.Payload.p' }, { OutputPath: '$.Payload', End: true }),
    }),
    input: { a: 1 },
  },
  intrinsics: {
    definition: machine({
      A: pass({
        Parameters: {
          'format.$': "States.Format('{}-{}', $.n, $.s)",
          'array.$': "States.Array($.n, 'x', null, true)",
          'parts.$': 'States.ArrayPartition($.list, 2)',
          'has.$': 'States.ArrayContains($.list, 3)',
          'range.$': 'States.ArrayRange(1, 9, 3)',
          'item.$': 'States.ArrayGetItem($.list, 1)',
          'length.$': 'States.ArrayLength($.list)',
          'unique.$': 'States.ArrayUnique($.list)',
          'encoded.$': 'States.Base64Encode($.s)',
          'decoded.$': "States.Base64Decode('c2hvcA==')",
          'hash.$': "States.Hash($.s, 'SHA-256')",
          'merged.$': 'States.JsonMerge(States.StringToJson($.json), $.b, false)',
          'sum.$': 'States.MathAdd($.n, -9)',
          'split.$': "States.StringSplit('a,b,c', ',')",
          'parsed.$': 'States.StringToJson($.json)',
          'text.$': 'States.JsonToString($.a)',
          'nested.$': "States.Format('{}', States.ArrayLength(States.Array(1, 2)))",
        },
      }),
    }),
    input: { n: 7, s: 'shop', list: [1, 2, 3, 3], a: { x: 1, y: 2 }, b: { y: 3 }, json: '{"k":[1]}' },
  },
  'a choice by number': {
    definition: machine({
      C: {
        Type: 'Choice',
        Choices: [
          {
            And: [{ Variable: '$.n', NumericGreaterThan: 3 }, { Not: { Variable: '$.n', NumericEquals: 5 } }],
            Next: 'Big',
          },
        ],
        Default: 'Small',
      },
      Big: pass({ Result: 'big' }),
      Small: pass({ Result: 'small' }),
    }),
    input: { n: 5 },
  },
  'a choice by pattern': {
    definition: machine({
      C: { Type: 'Choice', Choices: [{ Variable: '$.s', StringMatches: 'log-*.txt', Next: 'Log' }], Default: 'Other' },
      Log: pass({ Result: 1 }),
      Other: pass({ Result: 2 }),
    }),
    input: { s: 'log-2026.txt' },
  },
  'a choice by path': {
    definition: machine({
      C: {
        Type: 'Choice',
        Choices: [{ Variable: '$.a', TimestampLessThanPath: '$.b', Next: 'Before' }],
        Default: 'After',
      },
      Before: pass({ Result: 1 }),
      After: pass({ Result: 2 }),
    }),
    input: { a: '2026-01-01T00:00:00Z', b: '2026-01-02T00:00:00Z' },
  },
  'no choice': {
    definition: machine({
      C: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'One' }] },
      One: pass(),
    }),
    input: { n: 2 },
  },
  'a loop': {
    definition: machine({
      Count: task('add', { ResultPath: '$.n', Next: 'Enough' }),
      Enough: {
        Type: 'Choice',
        Choices: [{ Variable: '$.n', NumericGreaterThanEquals: 3, Next: 'Done' }],
        Default: 'Count',
      },
      Done: { Type: 'Succeed' },
    }),
    input: { n: 0 },
    scripts: { add: [{ gives: 2 }, { gives: 3 }, { gives: 4 }] },
  },
  'a Fail': { definition: machine({ A: { Type: 'Fail', Error: 'Bad', Cause: 'it is' } }) },
  'a Fail by paths': {
    definition: machine({ A: { Type: 'Fail', ErrorPath: '$.e', CausePath: '$.c' } }),
    input: { e: 'Bad', c: 'it is' },
  },
  'a Succeed with paths': {
    definition: machine({ A: { Type: 'Succeed', InputPath: '$.a', OutputPath: '$.b' } }),
    input: { a: { b: 2 } },
  },
  'a Wait': { definition: machine({ W: { Type: 'Wait', SecondsPath: '$.s', Next: 'A' }, A: pass() }), input: { s: 3 } },
  'retries that help': {
    definition: machine({
      A: task('f', {
        Retry: [
          { ErrorEquals: ['E1'], MaxAttempts: 1 },
          { ErrorEquals: ['E2', 'E3'], MaxAttempts: 2 },
        ],
        End: true,
      }),
    }),
    scripts: { f: [{ throws: 'E2' }, { throws: 'E1' }, { throws: 'E3' }, { gives: 1 }] },
  },
  'retries that do not': {
    definition: machine({
      A: task('f', { Retry: [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 2 }], End: true }),
    }),
    scripts: { f: [{ throws: 'E' }] },
  },
  'a retry that is not meant': {
    definition: machine({
      A: task('f', { Retry: [{ ErrorEquals: ['Other'] }], ...catchAll('B', { ResultPath: '$.e' }), End: true }),
      B: pass(),
    }),
    input: { a: 1 },
    scripts: { f: [{ throws: 'E' }] },
  },
  'a catch by name': {
    definition: machine({
      A: task('f', {
        Catch: [
          { ErrorEquals: ['X'], Next: 'X' },
          { ErrorEquals: ['E'], ResultPath: '$.deep.e', Next: 'E' },
        ],
        End: true,
      }),
      X: pass({ Result: 'x' }),
      E: pass(),
    }),
    input: { a: 1 },
    scripts: { f: [{ throws: 'E' }] },
  },
  'a Parallel': {
    definition: machine({
      P: {
        Type: 'Parallel',
        Branches: [machine({ A: task('f') }), machine({ B: pass({ Result: 2, Next: 'C' }), C: pass() })],
        ResultSelector: { 'a.$': '$[0]', 'b.$': '$[1]' },
        ResultPath: '$.p',
        Next: 'D',
      },
      D: pass(),
    }),
    input: { x: 1 },
    scripts: { f: [{ gives: 'f' }] },
  },
  'a Parallel that is caught': {
    definition: machine({
      P: {
        Type: 'Parallel',
        Branches: [machine({ A: { Type: 'Fail', Error: 'Bad' } })],
        ...catchAll('B', { ResultPath: '$.e' }),
        End: true,
      },
      B: pass(),
    }),
    input: { x: 1 },
  },
  'a Parallel that is retried': {
    definition: machine({
      P: {
        Type: 'Parallel',
        Branches: [machine({ A: task('f') }), machine({ B: pass({ Result: 'b' }) })],
        Retry: [{ ErrorEquals: ['E'] }],
        End: true,
      },
    }),
    scripts: { f: [{ throws: 'E' }, { throws: 'E' }, { gives: 'f' }] },
  },
  'a Parallel in a Parallel': {
    definition: machine({
      P: {
        Type: 'Parallel',
        Branches: [
          machine({ Q: { Type: 'Parallel', Branches: [machine({ A: task('f') })], End: true } }),
          machine({ B: pass() }),
        ],
        ...catchAll('C'),
        End: true,
      },
      C: pass(),
    }),
    scripts: { f: [{ throws: 'E' }] },
  },
  'a Map': {
    definition: machine({
      M: {
        Type: 'Map',
        ItemsPath: '$.items',
        ItemSelector: { 'i.$': '$$.Map.Item.Index', 'v.$': '$$.Map.Item.Value', 'c.$': '$.c' },
        MaxConcurrency: 1,
        ItemProcessor: machine({ A: task('f', { ResultPath: '$.r', End: true }) }),
        ResultPath: '$.out',
        End: true,
      },
    }),
    input: { items: ['a', 'b', 'c'], c: 7 },
    scripts: { f: [{ gives: 1 }] },
  },
  'a Map over nothing': {
    definition: machine({ M: { Type: 'Map', ItemProcessor: machine({ A: task('f') }), End: true } }),
    input: [],
  },
  'a Map with retries inside': {
    definition: machine({
      M: {
        Type: 'Map',
        MaxConcurrency: 1,
        ItemProcessor: machine({ A: task('f', { Retry: [{ ErrorEquals: ['E'] }], End: true }) }),
        End: true,
      },
    }),
    input: [1, 2],
    scripts: { f: [{ throws: 'E' }, 'echo'] },
  },
  'a Map of a Parallel': {
    definition: machine({
      M: {
        Type: 'Map',
        MaxConcurrency: 1,
        ItemProcessor: machine({ P: { Type: 'Parallel', Branches: [machine({ A: pass() })], End: true } }),
        End: true,
      },
    }),
    input: [1, 2],
  },
};

test.each(Object.entries(cases))(
  '%s runs as in the other engine',
  async (_name, { definition, input = {}, scripts = {} }) => {
    const [ours, theirs] = [await runOurs(definition, input, scripts), await runOracle(definition, input, scripts)];
    expect(ours).toEqual(theirs);
  },
);

/** Where the other engine is known to be wrong: what we give instead. One that it learns has to leave this table. */
const exceptions: Readonly<Record<string, Case & { readonly gives: Json | { readonly error: string } }>> = {
  'the input of the execution inside a branch': {
    definition: machine({
      A: pass({ Result: { b: 2 }, Next: 'P' }),
      P: {
        Type: 'Parallel',
        Branches: [machine({ B: pass({ Parameters: { 'in.$': '$$.Execution.Input' } }) })],
        End: true,
      },
    }),
    input: { a: 1 },
    gives: [{ in: { a: 1 } }],
  },
  'the name of the state': {
    definition: machine({ A: pass({ Parameters: { 'name.$': '$$.State.Name' } }) }),
    gives: { name: 'A' },
  },
  'the item inside an iteration': {
    definition: machine({
      M: {
        Type: 'Map',
        ItemProcessor: machine({ A: pass({ Parameters: { 'i.$': '$$.Map.Item.Index' } }) }),
        End: true,
      },
    }),
    input: ['x'],
    gives: [{ i: 0 }],
  },
  'an intrinsic in CausePath': {
    definition: machine({
      P: {
        Type: 'Parallel',
        Branches: [machine({ A: { Type: 'Fail', Error: 'E', CausePath: "States.Format('{}', $.a)" } })],
        ...catchAll('B'),
        End: true,
      },
      B: pass({ OutputPath: '$.Error' }),
    }),
    input: { a: 1 },
    gives: 'E',
  },
  'a payload over 256 KiB': {
    definition: machine({ A: pass({ Parameters: { 'a.$': '$', 'b.$': '$' } }) }),
    input: 'x'.repeat(200_000),
    gives: { error: 'States.DataLimitExceeded' },
  },
  'absence as a choice': {
    definition: machine({
      C: { Type: 'Choice', Choices: [{ Variable: '$.gone', IsPresent: false, Next: 'Gone' }], Default: 'There' },
      Gone: pass({ Result: 1 }),
      There: pass({ Result: 2 }),
    }),
    gives: 1,
  },
  'a merge leaves its arguments alone': {
    definition: machine({ A: pass({ Parameters: { 'merged.$': 'States.JsonMerge($.a, $.b, false)', 'a.$': '$.a' } }) }),
    input: { a: { x: 1 }, b: { x: 2 } },
    gives: { merged: { x: 2 }, a: { x: 1 } },
  },
  'no iteration begins after one has failed': {
    definition: machine({
      M: {
        Type: 'Map',
        MaxConcurrency: 1,
        ItemProcessor: machine({ A: task('f') }),
        ...catchAll('B', { ResultPath: null }),
        End: true,
      },
      B: pass(),
    }),
    input: [1, 2],
    scripts: { f: [{ throws: 'E' }] },
    gives: [1, 2],
  },
  'the whole input as the place of the result': {
    definition: machine({ A: pass({ Result: 1, ResultPath: '$' }) }),
    input: { a: 2 },
    gives: 1,
  },
  'a comparison across types': {
    definition: machine({
      C: { Type: 'Choice', Choices: [{ Variable: '$.a', NumericLessThan: 2, Next: 'Less' }], Default: 'Other' },
      Less: pass({ Result: 1 }),
      Other: pass({ Result: 2 }),
    }),
    input: { a: true },
    gives: 2,
  },
  'a document that is false': {
    definition: machine({ A: pass({ Parameters: { 'in.$': '$' } }) }),
    input: false,
    gives: { in: false },
  },
  'a path to many that finds none': {
    definition: machine({ A: pass({ Parameters: { 'all.$': '$.none[*]' } }) }),
    gives: { all: [] },
  },
  'an object in a text': {
    definition: machine({ A: pass({ Parameters: { 'text.$': "States.Format('{}', $.a)" } }) }),
    input: { a: { x: 1 } },
    gives: { text: '{x=1}' },
  },
};

test.each(Object.entries(exceptions))(
  '%s: known deviation of the other engine',
  async (_name, { definition, input = {}, scripts = {}, gives }) => {
    const [ours, theirs] = [await runOurs(definition, input, scripts), await runOracle(definition, input, scripts)];
    if (isObject(gives) && 'error' in gives) expect(ours).toMatchObject({ status: 'FAILED', ...gives });
    else expect(ours).toMatchObject({ status: 'SUCCEEDED', output: gives });
    expect(theirs).not.toEqual(ours);
  },
);
