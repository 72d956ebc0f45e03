import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { valueChanges } from '../../../bin/diff/value-changes.ts';
import { sameJson } from '../../../functions/domain/same-json.ts';

const json = fc.jsonValue({ maxDepth: 3 });
const named = fc.uniqueArray(fc.record({ Name: fc.string({ maxLength: 2 }), Value: fc.integer({ max: 2, min: 0 }) }), {
  selector: ({ Name }) => Name,
});

test('equal documents differ nowhere, others somewhere', () => {
  for (const documents of [json, named])
    fc.assert(
      fc.property(documents, documents, (before, after) => {
        expect(valueChanges(before, after).length === 0).toBe(sameJson(before, after));
        expect(valueChanges(before, structuredClone(before))).toEqual([]);
      }),
    );
});

describe('A difference is told where it is', () => {
  test.each<[what: string, before: unknown, after: unknown, changes: unknown]>([
    ['a value in a mapping', { A: { B: 1 } }, { A: { B: 2 } }, [{ path: 'A.B', before: 1, after: 2 }]],
    ['what comes', { A: 1 }, { A: 1, B: null }, [{ path: 'B', after: null }]],
    ['what goes', { A: 1, B: false }, { A: 1 }, [{ path: 'B', before: false }]],
    [
      'an item by its name, wherever it stands',
      {
        E: [
          { Name: 'X', Value: '1' },
          { Name: 'Y', Value: '2' },
        ],
      },
      {
        E: [
          { Name: 'Y', Value: '3' },
          { Name: 'X', Value: '1' },
        ],
      },
      [{ path: 'E[Y].Value', before: '2', after: '3' }],
    ],
    [
      'another order of the same items, as the whole list',
      { E: [{ Name: 'X' }, { Name: 'Y' }] },
      { E: [{ Name: 'Y' }, { Name: 'X' }] },
      [{ path: 'E', before: [{ Name: 'X' }, { Name: 'Y' }], after: [{ Name: 'Y' }, { Name: 'X' }] }],
    ],
    [
      'an item without a name, by its index in numeric order',
      { L: Array.from({ length: 11 }, () => ({ a: 1 })) },
      { L: Array.from({ length: 11 }, (_, index) => ({ a: index === 2 || index === 10 ? 2 : 1 })) },
      [
        { path: 'L[2].a', before: 1, after: 2 },
        { path: 'L[10].a', before: 1, after: 2 },
      ],
    ],
    ['a list of texts as a whole', { C: ['a'] }, { C: ['a', 'b'] }, [{ path: 'C', before: ['a'], after: ['a', 'b'] }]],
    [
      'an intrinsic as one value',
      { V: { Ref: 'A' } },
      { V: { Ref: 'B' } },
      [{ path: 'V', before: { Ref: 'A' }, after: { Ref: 'B' } }],
    ],
    ['the whole', 1, 'x', [{ path: '', before: 1, after: 'x' }]],
  ])('%s', (_, before, after, changes) => {
    expect(valueChanges(before, after)).toEqual(changes);
  });
});
