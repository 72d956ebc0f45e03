import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shortList, shortText } from '../../functions/domain/short-text.ts';

test('what fits stays; what does not keeps its beginning and its end', () => {
  expect(shortText('failed', 10)).toBe('failed');
  expect(shortText('Migration 7 failed for many reasons: no such column', 23)).toBe('Migration \n…\nuch column');
});

test('a short text is never longer than it may be, and never holds half a character', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 20, maxLength: 200 }),
      fc.integer({ min: 20, max: 100 }),
      (text, longest) => {
        const short = shortText(text, longest);
        expect(short.length).toBeLessThanOrEqual(longest);
        expect(short.isWellFormed()).toBe(true);
      },
    ),
  );
});

test('a list is its first lines, with the number of the others and where they are', () => {
  const lines = Array.from({ length: 53 }, (_, index) => `line ${index}`);
  expect(shortList(lines.slice(0, 50), 'plan.json')).toEqual(lines.slice(0, 50));
  expect(shortList(lines, 'plan.json')).toEqual([...lines.slice(0, 50), '3 more are in plan.json.']);
});
