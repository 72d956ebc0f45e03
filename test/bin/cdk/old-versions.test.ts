import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KEPT_SECONDS, oldVersions } from '../../../bin/cdk/old-versions.ts';
import { machines } from '../../support/machine-states.ts';

const none: ReadonlySet<string> = new Set();

test('no version is forgotten before the longest execution that started on it has ended and can be redriven no more', () => {
  const longest = Math.max(...Object.values(machines).map(({ TimeoutSeconds }) => TimeoutSeconds));
  expect(KEPT_SECONDS).toBeGreaterThanOrEqual(longest + 14 * 24 * 3600);
});

test('a version is forgotten by the age of the one that followed it, not by its own', () => {
  const day = 24 * 3600 * 1000;
  const versions = [
    { arn: 'f:2', publishedAtMillis: 400 * day },
    { arn: 'f:1', publishedAtMillis: 0 },
  ];
  expect(oldVersions(versions, none, 401 * day)).toEqual([]);
  expect(oldVersions(versions, none, 400 * day + KEPT_SECONDS * 1000 + 1)).toEqual(['f:1']);
});

test('the newest version and those in use are never forgotten, however old they are', () => {
  const at = fc.integer({ min: 0, max: 2 ** 40 });
  fc.assert(
    fc.property(fc.uniqueArray(at), fc.array(fc.nat({ max: 20 })), at, (times, used, now) => {
      const versions = times.map((publishedAtMillis) => ({ arn: `f:${publishedAtMillis}`, publishedAtMillis }));
      const inUse = new Set(used.flatMap((index) => versions[index]?.arn ?? []));
      const forgotten = oldVersions(versions, inUse, now);
      expect(forgotten.filter((arn) => inUse.has(arn) || arn === `f:${Math.max(...times)}`)).toEqual([]);
    }),
  );
});
