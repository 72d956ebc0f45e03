import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonical } from '../../../functions/domain/canonical.ts';
import { inKeyOrder } from '../../../functions/domain/template/key-order.ts';

test('whatever JSON can say is printed as its canonical form', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (content) => {
      // JSON itself puts keys that are numbers first.
      fc.pre(!/"\d+":/.test(JSON.stringify(content)));
      expect(JSON.stringify(inKeyOrder(content))).toBe(canonical(JSON.parse(JSON.stringify(content))));
    }),
    { numRuns: 200 },
  );
});

test('a key that says nothing is left out, and lists keep their order', () => {
  expect(Object.entries(inKeyOrder({ b: [2, 1], c: undefined, a: { z: 1, y: null } }))).toEqual([
    ['a', { y: null, z: 1 }],
    ['b', [2, 1]],
  ]);
});
