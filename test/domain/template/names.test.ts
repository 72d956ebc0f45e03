import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { databaseName, fitted, logicalName } from '../../../functions/domain/template/names.ts';
import { sha256 } from '../../support/sample-configuration.ts';

test.each([
  ['github', 'Github'],
  ['cf-templates', 'CfTemplates'],
  ['cfTemplates', `CfTemplatesX${sha256('cfTemplates').slice(0, 8)}`],
])('%s is written %s', (name, expected) => {
  expect(logicalName(name, sha256)).toBe(expected);
});

test('two names never share a logical id', () => {
  const name = fc.stringMatching(/^[aAbB][aA1bB_.-]{0,4}$/);
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(logicalName(a, sha256) === logicalName(b, sha256)).toBe(a === b);
      expect(logicalName(a, sha256)).toMatch(/^[A-Za-z0-9]+$/);
    }),
    { numRuns: 2000 },
  );
});

test('a name within its limit stays, a longer one is cut to it and stays its own', () => {
  const long = 'environment-with-a-long-name-and-an-application-with-a-longer-one-main';
  expect(fitted('prod-shop-main', 64, sha256)).toBe('prod-shop-main');
  expect(fitted(long, 64, sha256).length).toBeLessThanOrEqual(64);
  expect(fitted(long, 64, sha256)).not.toBe(fitted(`${long}2`, 64, sha256));
  expect(fitted(long, 64, sha256)).toMatch(/^environment-with-a-long-name-and-an-application-with-a-[0-9a-f]{8}$/);
});

test('a database name folds everything but letters and digits', () => {
  expect(databaseName('eu-staging', 'shop', 'a.b-c')).toBe('eu_staging_shop_a_b_c');
});
