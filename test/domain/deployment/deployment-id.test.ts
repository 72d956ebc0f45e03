import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deploymentIdFrom, manualDeploymentIdFrom } from '../../../functions/domain/deployment/deployment-id.ts';
import { executionName } from '../../../functions/domain/deployment/execution-name.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const text = fc.string({ maxLength: 40, unit: 'binary' });
const key = fc.record({
  repositoryId: text,
  ref: text,
  after: text,
  environment: text,
  application: text,
  n: fc.nat(),
});

test('the same push has the same id, another push another one', () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(deploymentIdFrom(hash, { ...a })).toBe(deploymentIdFrom(hash, a));
      const same = JSON.stringify(Object.values(a)) === JSON.stringify(Object.values(b));
      expect(deploymentIdFrom(hash, a) === deploymentIdFrom(hash, b)).toBe(same);
    }),
  );
});

test('every part of the key counts', () => {
  const base = { repositoryId: '1', ref: 'r', after: 'a', environment: 'e', application: 'b', n: 1 };
  const others = ['repositoryId', 'ref', 'after', 'environment', 'application'].map((name) => ({
    ...base,
    [name]: 'x',
  }));
  const ids = [base, { ...base, n: 2 }, ...others].map((each) => deploymentIdFrom(hash, each));
  expect(new Set(ids).size).toBe(7);
});

test('one manual request may deploy several applications', () => {
  const request = { id: 'please', environment: 'prod', application: 'shop' };
  expect(manualDeploymentIdFrom(hash, request)).not.toBe(
    manualDeploymentIdFrom(hash, { ...request, application: 'blog' }),
  );
});

test('an execution is named after deployment and fence, in characters that Step Functions takes', () => {
  fc.assert(
    fc.property(key, fc.integer({ min: 1, max: 2 ** 31 }), (each, fence) => {
      const name = executionName(deploymentIdFrom(hash, each), fence);
      expect(name).toMatch(/^[a-z0-9-]{1,75}$/);
      expect(name.endsWith(`-${fence}`)).toBe(true);
    }),
  );
});

test.each([
  ['a name too long', 'd'.repeat(74), 1],
  ['a character that is not allowed', 'd/1', 1],
  ['a fence that no claim gave', 'd', 0],
])('%s names no execution', (_case, id, fence) => {
  expect(() => executionName(id, fence)).toThrow(/cannot name an execution/);
});
