import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { outwardToken, subjectsOf } from '../../functions/domain/token.ts';
import { aCallback } from '../support/records.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const key = fc.record({ deploymentId: fc.string(), fence: fc.nat(), step: fc.string(), attempt: fc.nat() });

test('the token is what CloudFormation, change sets and ECS take, and stays the same for the same attempt', () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(outwardToken(hash, a)).toMatch(/^[a-z][a-z0-9-]{0,63}$/);
      const same = JSON.stringify(Object.values(a)) === JSON.stringify(Object.values(b));
      expect(outwardToken(hash, a) === outwardToken(hash, { ...b })).toBe(same);
    }),
  );
});

test('every part of the key makes another token', () => {
  const base = { deploymentId: 'd', fence: 1, step: 's', attempt: 1 };
  const keys = [
    base,
    { ...base, deploymentId: 'e' },
    { ...base, fence: 2 },
    { ...base, step: 't' },
    { ...base, attempt: 2 },
  ];
  expect(new Set(keys.map((each) => outwardToken(hash, each))).size).toBe(keys.length);
});

test.each([
  [{ kind: 'stack-rest' }, []],
  [{ kind: 'rest', tokens: [] }, []],
  [{ kind: 'stack-operation', goal: 'UPDATE' }, []],
  [{ kind: 'task', database: 'main', container: 'migrate', deadlineAt: '' }, ['task:d-1']],
  [{ kind: 'approval', planHash: 'h' }, ['approval:d-1']],
  [{ kind: 'image', images: ['a/b:1', 'c:2'], draft: 'x' }, ['image', 'image:a/b:1', 'image:c:2']],
] as const)('a callback that waits for %j is found under what it waits for', (waitsFor, more) => {
  expect(subjectsOf(aCallback({ waitsFor }))).toEqual(['stack:prod-shop', 'deployment:d-1', ...more]);
});
