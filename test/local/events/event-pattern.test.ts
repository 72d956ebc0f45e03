import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { eventPatternFrom, fitsPattern } from '../../../infra/local/events/event-pattern.ts';

const EVENT = {
  source: 'aws.cloudformation',
  'detail-type': 'CloudFormation Stack Status Change',
  resources: ['arn:aws:cloudformation:eu:1:stack/shop/1', 'arn:aws:ecs:eu:1:task/x'],
  detail: {
    'stack-id': 'arn:aws:cloudformation:eu:1:stack/shop/1',
    'status-details': { status: 'UPDATE_COMPLETE', 'status-reason': '' },
    count: 3,
    ready: true,
    nothing: null,
    empty: [],
    file: 'Report*.TXT',
    containers: [
      { name: 'app', exit: 0 },
      { name: 'sidecar', exit: 137 },
    ],
  },
};
const detail = (pattern: object) => ({ detail: pattern });

test.each<[string, object, boolean]>([
  ['an exact text', { source: ['aws.cloudformation'] }, true],
  ['one of several', { source: ['aws.ecs', 'aws.cloudformation'] }, true],
  ['another text', { source: ['aws.ecs'] }, false],
  ['a text in other case', { source: ['AWS.cloudformation'] }, false],
  ['two names, one of which fails', { source: ['aws.cloudformation'], 'detail-type': ['x'] }, false],
  ['a nested name', detail({ 'status-details': { status: ['UPDATE_COMPLETE'] } }), true],
  ['a name that is absent', detail({ missing: ['x'] }), false],
  ['a number', detail({ count: [3] }), true],
  ['a number given as text', detail({ count: ['3'] }), false],
  ['a truth value', detail({ ready: [true] }), true],
  ['null', detail({ nothing: [null] }), true],
  ['an empty text', detail({ 'status-details': { 'status-reason': [''] } }), true],
  ['any element of a list', { resources: ['arn:aws:ecs:eu:1:task/x'] }, true],
  ['an object within a list', detail({ containers: { name: ['sidecar'], exit: [137] } }), true],
  ['objects within a list that each fit in part', detail({ containers: { name: ['app'], exit: [137] } }), false],
  ['a prefix', detail({ 'stack-id': [{ prefix: 'arn:aws:cloudformation:' }] }), true],
  ['a prefix of one element', { resources: [{ prefix: 'arn:aws:ecs' }] }, true],
  ['a prefix that is not one', detail({ 'stack-id': [{ prefix: 'aws' }] }), false],
  ['a prefix whatever the case', detail({ file: [{ prefix: { 'equals-ignore-case': 'report' } }] }), true],
  ['a prefix of a number', detail({ count: [{ prefix: '3' }] }), false],
  ['a suffix', detail({ 'status-details': { status: [{ suffix: '_COMPLETE' }] } }), true],
  ['a suffix that is not one', detail({ 'status-details': { status: [{ suffix: '_FAILED' }] } }), false],
  ['equals-ignore-case', { source: [{ 'equals-ignore-case': 'AWS.CloudFormation' }] }, true],
  ['anything-but another', { source: [{ 'anything-but': 'aws.ecs' }] }, true],
  ['anything-but itself', { source: [{ 'anything-but': ['aws.ecs', 'aws.cloudformation'] }] }, false],
  ['anything-but a number', detail({ count: [{ 'anything-but': [1, 2] }] }), true],
  ['anything-but a prefix', { source: [{ 'anything-but': { prefix: 'aws.' } }] }, false],
  ['anything-but a suffix', { source: [{ 'anything-but': { suffix: ['.ecs', '.s3'] } }] }, true],
  ['anything-but any case', { source: [{ 'anything-but': { 'equals-ignore-case': 'AWS.CLOUDFORMATION' } }] }, false],
  ['anything-but a wildcard', { source: [{ 'anything-but': { wildcard: 'aws.*' } }] }, false],
  ['anything-but of what is absent', detail({ missing: [{ 'anything-but': 'x' }] }), false],
  ['exists', detail({ count: [{ exists: true }] }), true],
  ['exists of what is absent', detail({ missing: [{ exists: true }] }), false],
  ['exists of null', detail({ nothing: [{ exists: true }] }), true],
  ['exists of an object', detail({ 'status-details': [{ exists: true }] }), false],
  ['absence', detail({ missing: [{ exists: false }] }), true],
  ['absence deep in what is absent', detail({ missing: { deeper: [{ exists: false }] } }), true],
  ['absence of what exists', detail({ count: [{ exists: false }] }), false],
  ['absence of an empty list', detail({ empty: [{ exists: false }] }), true],
  ['a number in a range', detail({ count: [{ numeric: ['>', 0, '<=', 3] }] }), true],
  ['a number out of it', detail({ count: [{ numeric: ['>', 3] }] }), false],
  ['an equal number', detail({ count: [{ numeric: ['=', 3.0] }] }), true],
  ['a wildcard', detail({ 'stack-id': [{ wildcard: 'arn:*:stack/shop/*' }] }), true],
  ['a wildcard that misses', detail({ 'stack-id': [{ wildcard: 'arn:*:stack/other/*' }] }), false],
  ['a star that stands for itself', detail({ file: [{ wildcard: 'Report\\*.*' }] }), true],
  ['a dot that stands for itself', { source: [{ wildcard: 'aws?cloud*' }] }, false],
  ['the first of two alternatives', { $or: [{ source: ['aws.cloudformation'] }, { source: ['x'] }] }, true],
  ['none of the alternatives', { $or: [{ source: ['x'] }, { 'detail-type': ['y'] }] }, false],
  [
    'nested alternatives beside a name',
    detail({ ready: [true], $or: [{ count: [9] }, { count: [{ numeric: ['<', 4] }] }] }),
    true,
  ],
  ['a failing name beside alternatives', detail({ ready: [false], $or: [{ count: [3] }, { count: [4] }] }), false],
])('a pattern judges by %s', (_what, pattern, fits) => {
  expect(fitsPattern(eventPatternFrom(pattern), EVENT)).toBe(fits);
});

test.each([
  ['{"source": "x"}', 'source must be an object or an array'],
  ['{"source": []}', 'Empty arrays are not allowed (source)'],
  ['{}', 'Empty objects are not allowed'],
  ['[1]', 'the pattern must be an object or an array'],
  ['{"source": [{"cidr": "10.0.0.0/8"}]}', 'Unrecognized match type cidr (source)'],
  ['{"source": [{"prefix": "a", "suffix": "b"}]}', 'Only one key allowed in match expression (source)'],
  ['{"detail": {"n": [{"numeric": [">"]}]}}', 'numeric has a value it cannot be compared with (detail.n)'],
  ['{"source": [["x"]]}', 'Match value must be String, number, true, false, or null (source)'],
  ['{"$or": [1]}', '$or must be an object or an array'],
  ['{', 'JSON'],
])('the pattern %s is refused with its place', (pattern, reason) => {
  expect(() => eventPatternFrom(pattern)).toThrow(
    expect.objectContaining({ code: 'InvalidEventPatternException', message: expect.stringContaining(reason) }),
  );
});

test('every event fits the pattern that lists its own values', () => {
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const name = fc.string({ minLength: 1 }).filter((text) => text !== '$or' && text !== '__proto__');
  fc.assert(
    fc.property(fc.dictionary(name, scalar, { minKeys: 1 }), fc.string(), (value, other) => {
      const pattern = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, [other, one]]));
      expect(fitsPattern(eventPatternFrom({ detail: pattern }), { detail: value })).toBe(true);
    }),
  );
});

test('anything-but says the opposite of the values it names, for every text', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string(), { minLength: 1 }), (text, others) => {
      const fits = (leaf: unknown) => fitsPattern(eventPatternFrom({ a: [leaf] }), { a: text });
      expect(fits({ 'anything-but': others })).toBe(!others.includes(text));
    }),
  );
});
