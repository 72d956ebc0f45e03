import { expect, test } from '@jest/globals';
import { entryOf } from '../../../functions/domain/stack/entry.ts';
import { aDeployment, someTime } from '../../support/records.ts';

const ref = 'refs/heads/main';
const repository = { id: '1001', owner: 'acme', name: 'shop', installationId: '1' };
const push = { kind: 'push', repository, ref, before: '', after: 'c0ffee', deliveryId: 'delivery-1' } as const;

test('a push is a full deployment of its branch', () => {
  expect(entryOf(aDeployment({ source: push }), false)).toEqual({
    deploymentId: 'd-1',
    kind: 'full',
    ref,
    acceptedAt: someTime,
  });
  expect(entryOf(aDeployment({ source: push, strategy: 'quick' }), false).kind).toBe('full');
});

test('one that brings a migration marked must-run stays a full deployment, and says so', () => {
  expect(entryOf(aDeployment({ source: push }), true)).toMatchObject({ kind: 'full', mustRun: true });
});

test.each([
  ['another strategy', aDeployment({ source: push, strategy: 'db-only' })],
  ['a pin: a commit that a person named', aDeployment({ source: { kind: 'manual', repository, ref }, pinned: true })],
  ['an application file without a repository', aDeployment({ source: { kind: 'manual' } })],
])('nothing else stands for %s', (_case, deployment) => {
  expect(entryOf(deployment, false).kind).toBe('other');
});

test('a branch that a person asked for by name is one of its pushes', () => {
  expect(entryOf(aDeployment({ source: { kind: 'manual', repository, ref } }), false).kind).toBe('full');
});
