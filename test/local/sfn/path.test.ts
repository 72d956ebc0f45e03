import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../../infra/local/sfn/data/json.ts';
import { parsePath } from '../../../infra/local/sfn/data/path.ts';
import { query } from '../../../infra/local/sfn/data/query.ts';
import { isReference, put } from '../../../infra/local/sfn/data/reference.ts';

const document: Json = {
  name: 'shop',
  'odd key': 1,
  list: [10, 20, 30, 40],
  items: [
    { id: 'a', price: 5, on: true },
    { id: 'b', price: 15 },
    { id: 'c', price: 25, on: false },
  ],
  deep: { price: 99, more: { id: 'z' } },
  nothing: null,
};

test.each<[string, unknown]>([
  ['$', document],
  ['$.name', 'shop'],
  ["$['odd key']", 1],
  ['$["name"]', 'shop'],
  ['$.list[0]', 10],
  ['$.list[-1]', 40],
  ['$.list[9]', undefined],
  ['$.list[0,2]', [10, 30]],
  ['$.list[1:3]', [20, 30]],
  ['$.list[-2:]', [30, 40]],
  ['$.list[:1]', [10]],
  ['$.list[0:4:2]', [10, 30]],
  ['$.list[*]', [10, 20, 30, 40]],
  ['$.list.length()', 4],
  ['$.name.length()', undefined],
  ['$.items[*].id', ['a', 'b', 'c']],
  ['$.items[*].on', [true, false]],
  ['$.items[1].price', 15],
  ['$..price', [5, 15, 25, 99]],
  ['$..id', ['a', 'b', 'c', 'z']],
  ['$.deep.*', [99, { id: 'z' }]],
  ['$.items[?(@.price > 10)].id', ['b', 'c']],
  ['$.items[?(@.price > 10 && @.price <= 15)].id', ['b']],
  ["$.items[?(@.id == 'a' || @.id == 'c')].price", [5, 25]],
  ['$.items[?(@.on)].id', ['a', 'c']],
  ['$.items[?(!@.on)].id', ['b']],
  ['$.items[?(!(@.price >= 15))].id', ['a']],
  ['$.items[?(@.id =~ /[ab]/)].id', ['a', 'b']],
  ['$.items[?(@.id =~ /A/i)].id', ['a']],
  ['$.items[?(@.price < $.deep.price)].id', ['a', 'b', 'c']],
  ['$.items[?(@.id != "a")].id', ['b', 'c']],
  ['$.list[?(@ >= 30)]', [30, 40]],
  ['$.nothing', null],
  ['$.missing', undefined],
  ['$.missing.more', undefined],
  ['$.missing[*]', []],
  ['$.name.more', undefined],
  ['$.toString', undefined],
])('%s finds what it should', (path, expected) => {
  expect(query(parsePath(path), document)).toEqual(expected);
});

test.each([
  '',
  'name',
  '$name',
  '$.',
  '$.a b',
  '$[',
  '$[a]',
  '$.a[1',
  '$.a[?(@.x ==)]',
  '$.a[?(1)]',
  '$.a.min()',
  '$..',
  '$.a]',
])('"%s" is no path, and the error says where', (path) => {
  expect(() => parsePath(path)).toThrow(/expected .* at character \d+/);
});

test('two dollars read the context object', () => {
  expect(parsePath('$$.Task.Token')).toMatchObject({ context: true, definite: true });
  expect(parsePath('$$')).toMatchObject({ context: true, segments: [] });
});

test('a reference path names one place', () => {
  expect(['$', '$.a.b', "$['a'][0]"].map((path) => isReference(parsePath(path)))).toEqual([true, true, true]);
  expect(
    ['$.a[*]', '$..a', '$.a[-1]', '$$.a', '$.a[0,1]', '$.a.length()'].map((path) => isReference(parsePath(path))),
  ).toEqual(Array(6).fill(false));
});

test('putting makes the objects on the way, replaces what is there and refuses the impossible', () => {
  const at = (path: string, on: Json = { a: 1, list: [1, 2] }) => put(on, parsePath(path), 'x');
  expect(at('$')).toBe('x');
  expect(at('$.a')).toEqual({ a: 'x', list: [1, 2] });
  expect(at('$.b.c.d')).toEqual({ a: 1, list: [1, 2], b: { c: { d: 'x' } } });
  expect(at('$.list[1]')).toEqual({ a: 1, list: [1, 'x'] });
  expect(at('$.list[2]')).toBeUndefined();
  expect(at('$.a.b')).toBeUndefined();
  expect(at('$.a', 'text')).toBeUndefined();
});

test('what is put at a place is always found there, and nothing else changes', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(fc.dictionary(name, fc.integer()), fc.array(name, { minLength: 1, maxLength: 4 }), (on, names) => {
      const path = parsePath(`$.${names.join('.')}`);
      const whole = put(on, path, 'here');
      const [first = '', ...rest] = names;
      if (Object.hasOwn(on, first) && rest.length > 0) return expect(whole).toBeUndefined();
      expect(query(path, whole ?? null)).toBe('here');
      for (const other of Object.keys(on))
        if (other !== first) expect(query(parsePath(`$.${other}`), whole ?? null)).toBe(on[other]);
    }),
  );
});
