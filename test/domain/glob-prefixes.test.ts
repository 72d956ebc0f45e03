import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { globFaults, matchesGlobs } from '../../functions/domain/glob.ts';
import { globPrefixes } from '../../functions/domain/glob-prefixes.ts';

test.each([
  [['main'], ['main']],
  [['feature/**'], ['feature/']],
  [['**'], ['']],
  [['*', 'main'], ['']],
  [
    ['main', 'release/*', 'release/1.*'],
    ['main', 'release/'],
  ],
  [
    ['v[12].x', 'hot\\*fix'],
    ['hot', 'v'],
  ],
  [
    ['releases?', 'ab+c'],
    ['a', 'release'],
  ],
  [['release/*', '!release/old*'], ['release/']],
])('%j is asked for by %j', (patterns, prefixes) => {
  expect(globPrefixes(patterns)).toEqual(prefixes);
});

const pattern = fc
  .array(fc.constantFrom('a', 'b', '/', '*', '**', '?', '+', '[ab]', '\\*', '!'), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''));

test('whatever the patterns match begins with one of their prefixes', () => {
  fc.assert(
    fc.property(
      fc.array(pattern, { minLength: 1, maxLength: 3 }).filter((patterns) => globFaults(patterns).length === 0),
      fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '!'), maxLength: 6 }),
      (patterns, name) => {
        const found = globPrefixes(patterns).some((prefix) => name.startsWith(prefix));
        if (matchesGlobs(patterns, name)) expect([name, found]).toEqual([name, true]);
      },
    ),
    { numRuns: 2000 },
  );
});
