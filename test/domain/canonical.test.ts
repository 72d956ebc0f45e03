import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonical } from '../../functions/domain/canonical.ts';

test('the order of keys does not matter, the order of lists does', () => {
  expect(canonical({ b: [2, 1], a: { d: 1, c: undefined } })).toBe('{"a":{"d":1},"b":[2,1]}');
  expect(canonical({ a: { c: undefined, d: 1 }, b: [2, 1] })).toBe('{"a":{"d":1},"b":[2,1]}');
});

test('it is JSON of the same content, always the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonical(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonical(JSON.parse(text))).toBe(text);
    }),
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1, [undefined]])(
  '%p has no word in JSON',
  (value) => {
    expect(() => canonical(value)).toThrow(TypeError);
  },
);
