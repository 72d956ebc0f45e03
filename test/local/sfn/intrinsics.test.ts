import { expect, test } from '@jest/globals';
import { expression, fill } from '../../../infra/local/sfn/data/template.ts';
import { StateFailure } from '../../../infra/local/sfn/failure.ts';
import { seededRandom } from '../../../infra/local/sfn/seed.ts';

let draws = 0;
const view = {
  input: { name: 'shop', n: 3, list: [1, 2, 3, 3], object: { a: 1, b: [true, null] }, json: '{"x":[1]}', blank: ' ' },
  context: { Execution: { Name: 'run-1' } },
  random: () => seededRandom(`test ${draws++}`),
};
const evaluate = (call: string) => expression(call, 'field.$', view);

test.each<[string, unknown]>([
  ["States.Format('Hello {}, {} of {}', $.name, 1, $$.Execution.Name)", 'Hello shop, 1 of run-1'],
  ["States.Format('\\{{}\\} \\'{}\\'', 'a', true)", "{a} 'true'"],
  ["States.Format('{}', $.object)", '{a=1, b=[true, null]}'],
  ['States.Format($.name)', 'shop'],
  ['States.StringToJson($.json)', { x: [1] }],
  ['States.StringToJson($.blank)', null],
  ['States.JsonToString($.object)', '{"a":1,"b":[true,null]}'],
  ['States.Array()', []],
  ["States.Array($.n, 'x', null, -1.5, States.Array(1))", [3, 'x', null, -1.5, [1]]],
  ['States.ArrayPartition($.list, 3)', [[1, 2, 3], [3]]],
  ['States.ArrayContains($.list, 3)', true],
  ["States.ArrayContains($.list, '3')", false],
  ['States.ArrayContains(States.Array($.object), $.object)', true],
  ['States.ArrayRange(1, 9, 2)', [1, 3, 5, 7, 9]],
  ['States.ArrayRange(3, 1, -1)', [3, 2, 1]],
  ['States.ArrayRange(1, 0, 1)', []],
  ['States.ArrayGetItem($.list, 2)', 3],
  ['States.ArrayLength($.list)', 4],
  ['States.ArrayUnique($.list)', [1, 2, 3]],
  ["States.Base64Encode('Data to encode')", 'RGF0YSB0byBlbmNvZGU='],
  ["States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", 'Data to encode'],
  ["States.Hash('input data', 'SHA-1')", 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
  ["States.Hash('input data', 'MD5')", '812f45842bc6d66ee14572ce20db8e86'],
  ['States.JsonMerge($.object, States.StringToJson(\'{"a":2}\'), false)', { a: 2, b: [true, null] }],
  ['States.MathAdd(1.49, 1.5)', 3],
  ['States.MathAdd(-1.5, -1.51)', -3],
  ["States.StringSplit('This.is+a,test=string', '.+,=')", ['This', 'is', 'a', 'test', 'string']],
  ["States.StringSplit(',,a', ',')", ['a']],
])('%s is as on AWS', (call, expected) => {
  expect(evaluate(call)).toEqual(expected);
});

test('a random number lies between its bounds, and the same seed gives the same one', () => {
  for (let index = 0; index < 200; index += 1) {
    const value = evaluate('States.MathRandom(3, 6)');
    expect([3, 4, 5]).toContain(value);
  }
  expect(evaluate('States.MathRandom(0, 1000000, 7)')).toBe(evaluate('States.MathRandom(0, 1000000, 7)'));
});

test('every UUID is another one', () => {
  const uuids = Array.from({ length: 50 }, () => String(evaluate('States.UUID()')));
  expect(new Set(uuids).size).toBe(50);
  for (const uuid of uuids)
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test.each([
  "States.Format('{} {}', 1)",
  "States.Format('{}', 1, 2)",
  'States.ArrayGetItem($.list, 4)',
  'States.ArrayLength($.name)',
  'States.ArrayPartition($.list, 0)',
  'States.ArrayRange(0, 5000, 1)',
  'States.ArrayRange(0, 5, 0)',
  "States.StringToJson('{')",
  "States.Base64Decode('not base64!')",
  "States.Hash('x', 'SHA-2')",
  'States.JsonMerge($.object, $.object, true)',
  'States.MathAdd(1)',
  'States.MathRandom(5, 5)',
])('%s fails as an intrinsic, and names the call', (call) => {
  const caught = failureOf(() => evaluate(call));
  expect(caught.error).toBe('States.IntrinsicFailure');
  expect(caught.reason).toContain(`The function '${call}' had the following error`);
});

test('a template fills what ends in .$ at any depth and leaves the rest as it is', () => {
  expect(
    fill(
      {
        'a.$': '$.n',
        b: { 'c.$': '$$.Execution.Name' },
        list: [{ 'd.$': "States.Format('{}', $.n)" }, '$.n'],
        e: '$.n',
      },
      view,
    ),
  ).toEqual({ a: 3, b: { c: 'run-1' }, list: [{ d: '3' }, '$.n'], e: '$.n' });
});

test('a path that finds nothing is a runtime failure that shows field, path and input', () => {
  const caught = failureOf(() => fill({ 'a.$': '$.missing' }, { ...view, input: { x: 1 } }));
  expect(caught.error).toBe('States.Runtime');
  expect(caught.reason).toBe(
    `The JSONPath '$.missing' specified for the field 'a.$' could not be found in the input '{"x":1}'`,
  );
});

const failureOf = (work: () => unknown): StateFailure => {
  try {
    work();
  } catch (error) {
    if (error instanceof StateFailure) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};
