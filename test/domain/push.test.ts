import { expect, test } from '@jest/globals';
import { repositorySchema } from '../../functions/domain/environment/repository.ts';
import { repositoryFrom } from '../../functions/domain/environment/repository-from.ts';
import { matchingTargets, pushFrom } from '../../functions/domain/push.ts';
import type { Repository } from '../../functions/ports.ts';

const zero = '0'.repeat(40);
const payload = {
  repositoryId: '1',
  owner: 'acme',
  name: 'shop',
  ref: 'refs/heads/main',
  before: 'a'.repeat(40),
  after: 'b'.repeat(40),
};

test('a push moves a branch or a tag', () => {
  expect(pushFrom(payload)).toEqual({ kind: 'moved', ref: payload.ref, before: payload.before, after: payload.after });
  expect(pushFrom({ ...payload, ref: 'refs/tags/v1' })).toMatchObject({ kind: 'moved', ref: 'refs/tags/v1' });
});

test('a new ref has no commit before', () => {
  expect(pushFrom({ ...payload, before: zero })).not.toHaveProperty('before');
});

test.each([
  [{ after: zero }, 'refs/heads/main was deleted'],
  [{ ref: 'refs/pull/1/head' }, 'refs/pull/1/head is neither a branch nor a tag'],
  [{ ref: 'refs/notes/x' }, 'refs/notes/x is neither a branch nor a tag'],
  [{ ref: 'refs/heads/' }, 'refs/heads/ is neither a branch nor a tag'],
  [{ after: 'HEAD' }, 'HEAD is not a commit'],
])('a push with %j means nothing', (change, reason) => {
  expect(pushFrom({ ...payload, ...change })).toEqual({ kind: 'ignored', reason });
});

const { targets }: Repository = repositoryFrom(
  repositorySchema.parse({
    owner: 'acme',
    name: 'shop',
    id: 1,
    installationId: '2',
    targets: [
      { branch: 'main', environment: 'staging' },
      { branch: ['releases/**', '!releases/**-alpha'], environment: 'prod' },
      { tag: 'v*', environment: 'prod', application: 'apps/shop.yaml' },
      { tag: ['v1*', 'v2*'], environment: 'prod', application: 'apps/shop.yaml' },
    ],
  }),
);

test.each([
  ['refs/heads/main', [{ environment: 'staging' }]],
  ['refs/heads/releases/1.0', [{ environment: 'prod' }]],
  ['refs/heads/releases/1.0-alpha', []],
  ['refs/tags/v1.0', [{ environment: 'prod', application: 'apps/shop.yaml' }]],
  ['refs/tags/main', []],
  ['refs/heads/v1.0', []],
])('%s deploys to its targets, each once', (ref, expected) => {
  expect(matchingTargets(targets, ref)).toEqual(expected);
});

test('stored targets carry the repository and whole refs', () => {
  expect(targets[1]).toEqual({
    repositoryId: '1',
    ref: 'refs/heads/releases/** !refs/heads/releases/**-alpha',
    environment: 'prod',
  });
});
