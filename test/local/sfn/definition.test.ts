import { expect, test } from '@jest/globals';
import { checkedDefinition } from '../../../infra/local/sfn/check/definition.ts';
import { machine, task, waitingTask } from './support/cloud.ts';

const pass = { Type: 'Pass', End: true };
const invoke = (Parameters: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters,
  End: true,
});

test('a machine with everything in it is accepted', () => {
  const definition = machine(
    {
      First: {
        ...task('f', { Next: 'Both' }),
        Comment: 'c',
        InputPath: '$.x',
        OutputPath: null,
        ResultPath: '$.r.s',
        TimeoutSeconds: 5,
      },
      Both: {
        Type: 'Parallel',
        Branches: [machine({ A: waitingTask('g') }), machine({ B: { Type: 'Wait', Seconds: 1, End: true } })],
        ResultSelector: { 'x.$': "States.Format('{}', $[0])" },
        Retry: [
          {
            ErrorEquals: ['A', 'B'],
            IntervalSeconds: 1,
            BackoffRate: 1.5,
            MaxAttempts: 0,
            MaxDelaySeconds: 9,
            JitterStrategy: 'FULL',
          },
        ],
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'End' }],
        Next: 'Each',
      },
      Each: {
        Type: 'Map',
        ItemsPath: '$.items',
        ItemSelector: { 'i.$': '$$.Map.Item.Index' },
        MaxConcurrency: 2,
        ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...machine({ C: pass }) },
        Next: 'Which',
      },
      Which: {
        Type: 'Choice',
        Choices: [{ And: [{ Variable: '$.a', IsPresent: true }], Next: 'End' }],
        Default: 'Wrong',
      },
      Wrong: { Type: 'Fail', ErrorPath: '$.e', CausePath: "States.Format('{}', $.c)" },
      End: { Type: 'Succeed' },
    },
    { TimeoutSeconds: 100, Comment: 'all of it', Version: '1.0' },
  );
  expect(checkedDefinition(JSON.stringify(definition))).toEqual(definition);
});

test.each<[string, unknown, string]>([
  ['no JSON', '{', 'INVALID_JSON_DESCRIPTION'],
  ['a list', [], 'INVALID_JSON_DESCRIPTION'],
  ['no states', { StartAt: 'A' }, 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'],
  ['a lost start', { StartAt: 'B', States: { A: pass } }, "MISSING_TRANSITION_TARGET: Missing 'StartAt' target: B"],
  [
    'a lost next',
    machine({ Upsert: { Type: 'Pass', Next: 'Upsart' } }),
    "Missing 'Next' target: Upsart (did you mean 'Upsert'?) at /States/Upsert/Next",
  ],
  [
    'a lost catch',
    machine({ A: task('f', { End: true, Catch: [{ ErrorEquals: ['X'], Next: 'Z' }] }) }),
    "Missing 'Next' target: Z at /States/A/Catch[0]/Next",
  ],
  [
    'a lost default',
    machine({ A: { Type: 'Choice', Choices: [{ Variable: '$', IsNull: true, Next: 'B' }], Default: 'C' }, B: pass }),
    "Missing 'Default' target: C",
  ],
  ['a state nobody reaches', machine({ A: pass, B: pass }), 'State "B" is not reachable. at /States/B'],
  ['a dead end', machine({ A: { Type: 'Pass' } }), "It has neither 'Next' nor 'End'. at /States/A"],
  ['a loop without an end', machine({ A: { Type: 'Pass', Next: 'A' } }), 'No state ends the machine.'],
  [
    'both Next and End',
    machine({ A: { ...pass, Next: 'A' } }),
    "Only one of 'Next', 'End' may stand here at /States/A",
  ],
  [
    'the same name in a branch',
    machine({ A: { Type: 'Parallel', End: true, Branches: [machine({ A: pass })] } }),
    'DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A/Branches[0]/States/A',
  ],
  [
    'the same name in two branches',
    machine({ P: { Type: 'Parallel', End: true, Branches: [machine({ A: pass }), machine({ A: pass })] } }),
    'Duplicate State name: A',
  ],
  [
    'a target in another branch',
    machine({
      P: { Type: 'Parallel', End: true, Branches: [machine({ A: pass }), machine({ B: { Type: 'Pass', Next: 'A' } })] },
    }),
    "Missing 'Next' target: A at /States/P/Branches[1]/States/B/Next",
  ],
  [
    'an unknown type',
    machine({ A: { Type: 'Tusk' } }),
    "should have one of these values: [Task, Parallel, Map, Choice, Wait, Pass, Succeed, Fail] (did you mean 'Task'?) at /States/A/Type",
  ],
  [
    'an unknown field',
    machine({ A: { ...pass, ResultPat: '$.x' } }),
    "The field 'ResultPat' is not supported (did you mean 'ResultPath'?) at /States/A/ResultPat",
  ],
  ['variables', machine({ A: { ...pass, Assign: {} } }), "The field 'Assign' is not supported"],
  [
    'JSONata',
    machine({ A: pass }, { QueryLanguage: 'JSONata' }),
    "The field 'QueryLanguage' should have one of these values: [JSONPath]",
  ],
  [
    'a foreign resource',
    machine({ A: { Type: 'Task', Resource: 'arn:aws:states:::ecs:runTask.sync', End: true } }),
    'is not recognized',
  ],
  [
    'a task without resource',
    machine({ A: { Type: 'Task', End: true } }),
    "The field 'Resource' is required but was missing at /States/A",
  ],
  [
    'an invoke without function',
    machine({ A: invoke({ Payload: {} }) }),
    "The field 'FunctionName' is required but was missing at /States/A/Parameters",
  ],
  [
    'an invoke with a slip',
    machine({ A: invoke({ FunctionName: 'f', Paylod: {} }) }),
    "The field 'Paylod' is not supported (did you mean 'Payload'?)",
  ],
  ['a bad path', machine({ A: { ...pass, InputPath: 'x' } }), "The field 'InputPath' must be a valid JSONPath"],
  ['a result path that is no place', machine({ A: { ...pass, ResultPath: '$.a[*]' } }), 'must be a Reference Path'],
  [
    'a bad path in a template',
    machine({ A: { ...pass, Parameters: { deep: [{ 'x.$': 'oops' }] } } }),
    "has a field 'x.$' that must be a valid JSONPath",
  ],
  [
    'an unknown intrinsic',
    machine({ A: { ...pass, Parameters: { 'x.$': 'States.ArrayLenght($.a)' } } }),
    "calls States.ArrayLenght, which does not exist (did you mean 'States.ArrayLength'?)",
  ],
  [
    'an unfinished intrinsic',
    machine({ A: { ...pass, Parameters: { 'x.$': "States.Format('a'" } } }),
    'must be a valid intrinsic function call',
  ],
  [
    'States.ALL in company',
    machine({ A: task('f', { End: true, Retry: [{ ErrorEquals: ['States.ALL', 'X'] }] }) }),
    'States.ALL must stand alone',
  ],
  [
    'States.ALL before the last',
    machine({ A: task('f', { End: true, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }] }) }),
    'and in the last place at /States/A/Retry[0]/ErrorEquals',
  ],
  [
    'a bad jitter',
    machine({ A: task('f', { End: true, Retry: [{ ErrorEquals: ['X'], JitterStrategy: 'SOME' }] }) }),
    "The field 'JitterStrategy' should have one of these values: [FULL, NONE]",
  ],
  [
    'negative attempts',
    machine({ A: task('f', { End: true, Retry: [{ ErrorEquals: ['X'], MaxAttempts: -1 }] }) }),
    "The field 'MaxAttempts' must be an integer of at least 0",
  ],
  [
    'a retry without names',
    machine({ A: task('f', { End: true, Retry: [{ MaxAttempts: 1 }] }) }),
    "The field 'ErrorEquals' is required",
  ],
  ['a retry on a Pass', machine({ A: { ...pass, Retry: [] } }), "The field 'Retry' is not supported"],
  [
    'a heartbeat not shorter than the timeout',
    machine({ A: task('f', { End: true, HeartbeatSeconds: 5, TimeoutSeconds: 5 }) }),
    'HeartbeatSeconds must be smaller than TimeoutSeconds',
  ],
  [
    'two timeouts',
    machine({ A: task('f', { End: true, TimeoutSecondsPath: '$.t', TimeoutSeconds: 5 }) }),
    "Only one of 'TimeoutSeconds', 'TimeoutSecondsPath'",
  ],
  [
    'a wait for nothing',
    machine({ A: { Type: 'Wait', End: true } }),
    "The field 'Seconds' or 'SecondsPath' or 'Timestamp' or 'TimestampPath' is required",
  ],
  [
    'a wait for two things',
    machine({ A: { Type: 'Wait', End: true, Seconds: 1, SecondsPath: '$.s' } }),
    "Only one of 'Seconds', 'SecondsPath'",
  ],
  [
    'a timestamp of another form',
    machine({ A: { Type: 'Wait', End: true, Timestamp: '2026-01-01 00:00' } }),
    "The field 'Timestamp' does not match RFC3339",
  ],
  [
    'a map without processor',
    machine({ A: { Type: 'Map', End: true } }),
    "The field 'ItemProcessor' or 'Iterator' is required",
  ],
  [
    'a distributed map',
    machine({
      A: {
        Type: 'Map',
        End: true,
        ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, ...machine({ B: pass }) },
      },
    }),
    'runs no distributed Map',
  ],
  [
    'no branches',
    machine({ A: { Type: 'Parallel', End: true, Branches: [] } }),
    "The field 'Branches' must be a list that is not empty",
  ],
  [
    'a choice without rules',
    machine({ A: { Type: 'Choice', Choices: [], Default: 'B' }, B: pass }),
    "The field 'Choices' must be a list that is not empty",
  ],
  [
    'a choice that ends',
    machine({ A: { Type: 'Choice', End: true, Choices: [{ Variable: '$', IsNull: true, Next: 'B' }] }, B: pass }),
    "The field 'End' is not supported",
  ],
  [
    'an unknown comparison',
    machine({ A: { Type: 'Choice', Choices: [{ Variable: '$.a', StringEqual: 'x', Next: 'B' }] }, B: pass }),
    "'StringEqual' is no comparison (did you mean 'StringEquals'?)",
  ],
  [
    'two comparisons',
    machine({
      A: { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, IsString: true, Next: 'B' }] },
      B: pass,
    }),
    'exactly one comparison',
  ],
  [
    'an operand of another type',
    machine({ A: { Type: 'Choice', Choices: [{ Variable: '$.a', NumericEquals: '1', Next: 'B' }] }, B: pass }),
    "The field 'NumericEquals' must be a number",
  ],
  [
    'a Next deep in a rule',
    machine({
      A: { Type: 'Choice', Choices: [{ Not: { Variable: '$.a', IsNull: true, Next: 'B' }, Next: 'B' }] },
      B: pass,
    }),
    'Only a rule at the top may have a Next',
  ],
  [
    'a rule without Next',
    machine({ A: { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true }], Default: 'B' }, B: pass }),
    "The field 'Next' is required",
  ],
])('%s is refused, and the refusal says where', (_what, definition, message) => {
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
  expect(() => checkedDefinition(text)).toThrow(
    expect.objectContaining({ code: 'InvalidDefinition', message: expect.stringContaining(message) }),
  );
});

test('all problems are told at once', () => {
  const definition = machine({ A: { Type: 'Pass', Next: 'B' }, C: { Type: 'Wait', End: true } });
  expect(() => checkedDefinition(JSON.stringify(definition))).toThrow(/target: B.*Seconds/s);
});
