import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { wrap } from '../../../bin/view/wrap.ts';

test('a line that fits stays whole', () => {
  expect(wrap('  short enough', 14)).toEqual(['  short enough']);
});

test('a longer one breaks between words and hangs under its beginning', () => {
  expect(wrap('  one two three four', 12)).toEqual(['  one two', '      three', '      four']);
});

test('a word wider than the screen is left whole', () => {
  expect(wrap('see https://example.org/a/long/address now', 12)).toEqual([
    'see',
    '    https://example.org/a/long/address',
    '    now',
  ]);
});

test('no word is ever lost or broken, and only a single word is wider than the screen', () => {
  const word = fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b', '…', '\u001B[1m') });
  fc.assert(
    fc.property(fc.array(word), fc.integer({ min: 8, max: 40 }), (words, columns) => {
      const lines = wrap(words.join(' '), columns);
      expect(lines.flatMap((line) => line.split(' ').filter(Boolean))).toEqual(words);
      for (const line of lines)
        if (stripVTControlCharacters(line).length > columns) expect(line.trim().split(' ')).toHaveLength(1);
    }),
  );
});
