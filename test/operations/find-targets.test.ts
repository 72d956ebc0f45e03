import { expect, test } from '@jest/globals';
import type { Request } from '../../functions/domain/request.ts';
import { findTargets } from '../../functions/operations/find-targets.ts';
import { memoryConfigurationStore } from '../support/memory-stores.ts';

const repository = { id: '1001', owner: 'acme', name: 'shop', installationId: '1' };
const configured = async () => {
  const configuration = memoryConfigurationStore();
  const target = (ref: string, environment: string) => ({ repositoryId: '1001', ref, environment });
  await configuration.putRepository({
    ...repository,
    checksEnabled: true,
    targets: [
      target('refs/heads/main', 'staging'),
      { ...target('refs/heads/main', 'eu'), application: 'apps/eu.yaml' },
      target('refs/heads/** !refs/heads/wip/**', 'preview'),
      target('refs/tags/v*', 'prod'),
    ],
  });
  return { configuration };
};
const push = (ref: string, more: Partial<Request> = {}): Request => ({
  id: 'd0a1',
  kind: 'push',
  repository,
  ref,
  commit: 'c0ffee',
  actor: 'alice',
  ...more,
});
const found = async (request: Request) => findTargets(await configured(), { request });

test('a branch deploys to every target that it matches, in the order of the file', async () => {
  expect(await found(push('refs/heads/main'))).toEqual({
    targets: [
      { environment: 'staging' },
      { environment: 'eu', application: 'apps/eu.yaml' },
      { environment: 'preview' },
    ],
    reason: '3 of its targets match refs/heads/main',
  });
  expect((await found(push('refs/tags/v1'))).targets).toEqual([{ environment: 'prod' }]);
});

test('a branch that no target names deploys nowhere, and says so', async () => {
  expect(await found(push('refs/heads/wip/x'))).toEqual({ targets: [], reason: 'No target matches refs/heads/wip/x' });
});

test('a repository that nobody configured deploys nowhere', async () => {
  const request = push('refs/heads/main', { repository: { ...repository, id: '666' } });
  expect((await found(request)).targets).toEqual([]);
  const { repository: _, ...inline } = push('refs/heads/main');
  expect((await found(inline)).targets).toEqual([]);
});

test('a request that names its environment goes there and nowhere else', async () => {
  expect(await found(push('refs/heads/main', { kind: 'manual', environment: 'prod' }))).toEqual({
    targets: [{ environment: 'prod' }],
    reason: 'Named by the request',
  });
  const request = push('refs/heads/main', { environment: 'prod', application: 'apps/a.yaml' });
  expect((await found(request)).targets).toEqual([{ environment: 'prod', application: 'apps/a.yaml' }]);
});
