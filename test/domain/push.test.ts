import { expect, test } from '@jest/globals';
import { repositorySchema } from '../../functions/domain/environment/repository.ts';
import { repositoryFrom } from '../../functions/domain/environment/repository-from.ts';
import { matchingTargets } from '../../functions/domain/push.ts';
import type { Repository } from '../../functions/ports.ts';

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
