import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { globFaults, matchesGlobs } from '../../functions/domain/glob.ts';

// The examples of GitHub's filter pattern cheat sheet, and the edges between them.
test.each<[string | string[], string, boolean]>([
  ['main', 'main', true],
  ['main', 'mainly', false],
  ['feature/*', 'feature/my-branch', true],
  ['feature/*', 'feature/a/b', false],
  ['feature/**', 'feature/a/b', true],
  ['feature/**', 'feature/', true],
  ['*', 'main', true],
  ['*', 'all/the/branches', false],
  ['**', 'all/the/branches', true],
  ['*feature', 'ver-10-feature', true],
  ['*feature', 'a/feature', false],
  ['v2*', 'v2', true],
  ['v2*', 'v2.9', true],
  ['v2*', 'v1', false],
  ['v[12].[0-9]+.[0-9]+', 'v1.10.1', true],
  ['v[12].[0-9]+.[0-9]+', 'v2.0.0', true],
  ['v[12].[0-9]+.[0-9]+', 'v3.0.0', false],
  ['v[12].[0-9]+.[0-9]+', 'v1.10.', false],
  ['releases?', 'release', true],
  ['releases?', 'releases', true],
  ['releases?', 'releasess', false],
  ['a+b', 'aab', true],
  ['a+b', 'b', false],
  ['[0-9a-z]x', 'fx', true],
  ['[0-9a-z]x', 'Fx', false],
  ['[CB]at', 'Cat', true],
  ['v1.0', 'v1x0', false],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'axb', false],
  ['**-alpha', 'releases/1-alpha', true],
  ['a!b', 'a!b', true],
  [['releases/**', '!releases/**-alpha'], 'releases/10', true],
  [['releases/**', '!releases/**-alpha'], 'releases/10-alpha', false],
  [['releases/**', '!releases/**-alpha', 'releases/9-alpha'], 'releases/9-alpha', true],
  [['!main', '**'], 'main', true],
  [['!main'], 'develop', false],
  [[], 'main', false],
])('%s on %s: %s', (patterns, name, expected) => {
  expect(matchesGlobs([patterns].flat(), name)).toBe(expected);
});

test.each([
  [['*?'], 'nothing stands before ? that it could repeat'],
  [['+a'], 'nothing stands before + that it could repeat'],
  [['a[b'], 'a [ is not closed'],
  [[''], 'it is empty'],
  [['!main'], 'at least one pattern without ! is needed'],
])('%j is no list of globs', (patterns, fault) => {
  expect(globFaults(patterns).join()).toContain(fault);
});

test('a name without special characters matches itself and nothing else', () => {
  const name = fc.stringMatching(/^[a-zA-Z0-9/._-]{1,20}$/);
  fc.assert(
    fc.property(name, name, (one, other) => {
      expect(matchesGlobs([one], one)).toBe(true);
      expect(matchesGlobs([one], other)).toBe(one === other);
    }),
  );
});

test('no pattern makes matching slow: the work is bounded by pattern times name', () => {
  expect(matchesGlobs([`${'**a'.repeat(200)}b`], 'a'.repeat(2000))).toBe(false);
});
