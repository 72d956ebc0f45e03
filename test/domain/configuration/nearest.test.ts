import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nearest } from '../../../functions/domain/configuration/nearest.ts';

const known = ['prefix', 'subdomains', 'protocol', 'targetContainer', 'bypassIngress', 'port', 'routeGroup'];

test.each([
  ['protcol', 'protocol'],
  ['prot', 'port'],
  ['PREFIX', 'prefix'],
  ['bypassingres', 'bypassIngress'],
  ['routGruop', 'routeGroup'],
  ['foo', undefined],
  ['', undefined],
  ['somethingElse', undefined],
])('"%s" is closest to %s', (word, expected) => {
  expect(nearest(word, known)).toBe(expected);
});

test('a known key with one letter left out, added or swapped is always found', () => {
  fc.assert(
    fc.property(fc.constantFrom(...known), fc.nat(), fc.constantFrom('drop', 'add', 'swap'), (key, seed, change) => {
      const at = seed % (key.length - 1);
      const changed = {
        drop: key.slice(0, at) + key.slice(at + 1),
        add: `${key.slice(0, at)}q${key.slice(at)}`,
        swap: key.slice(0, at) + key.charAt(at + 1) + key.charAt(at) + key.slice(at + 2),
      }[change];
      expect(nearest(changed, known)).toBe(key);
    }),
  );
});
