import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { itemFrom, recordFrom } from '../../../functions/adapters/aws/attribute-value.ts';

test('every JSON record comes back as it was stored', () => {
  const noNegativeZero = (text: string) => JSON.parse(text.replaceAll(/-0\b(?![.e])/g, '0'));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
      const plain = noNegativeZero(JSON.stringify(record));
      expect(recordFrom(itemFrom(plain))).toEqual(plain);
    }),
  );
});

test('a field may have any name, also one that means something to JavaScript', () => {
  const record = JSON.parse('{"a":{"__proto__":null,"constructor":1,"toString":[]}}');
  expect(JSON.stringify(recordFrom(itemFrom(record)))).toBe(JSON.stringify(record));
});

test('fields that are undefined are left out', () => {
  expect(itemFrom({ a: undefined, b: { c: undefined } })).toEqual({ b: { M: {} } });
});

test.each([[new Date(0)], [Number.NaN], [() => 1], [new Map()], [[undefined]]])('%p is refused', (value) => {
  expect(() => itemFrom({ value })).toThrow(/cannot be stored in DynamoDB/);
});

test('what Slipway never stores is not guessed at', () => {
  expect(() => recordFrom({ set: { SS: ['a'] } })).toThrow('A DynamoDB SS is nothing that Slipway stores');
});
