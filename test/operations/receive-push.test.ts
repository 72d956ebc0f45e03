import { expect, test } from '@jest/globals';
import { pushRequestKey } from '../../functions/domain/lost-push.ts';
import { receivePush } from '../../functions/operations/receive-push.ts';
import { memoryConfigurationStore, memoryTargetStore } from '../support/memory-stores.ts';

const repository = { id: '1001', owner: 'acme', name: 'shop', installationId: '7' };
const someTime = '2026-08-01T10:00:00.000Z';
const clock = { now: () => new Date(someTime), sleep: async () => undefined };
const target = (ref: string, environment: string) => ({ repositoryId: '1001', ref, environment });
const targets = [
  target('refs/heads/main', 'prod'),
  { ...target('refs/heads/main', 'eu'), application: 'apps/eu.yaml' },
  target('refs/heads/** !refs/heads/main !refs/heads/wip/** !refs/heads/side', 'preview'),
  target('refs/tags/v*', 'prod'),
];

const world = async () => {
  const configuration = memoryConfigurationStore();
  await configuration.putRepository({ ...repository, checksEnabled: true, targets });
  return { configuration, targets: memoryTargetStore(), clock };
};
const received = async (input: unknown) => receivePush(await world(), { input });
const push = (more: object = {}) => ({
  kind: 'push',
  deliveryId: 'd0a1',
  repositoryId: '1001',
  owner: 'acme',
  name: 'shop',
  ref: 'refs/heads/main',
  before: 'b'.repeat(40),
  after: 'a'.repeat(40),
  actor: 'alice',
  ...more,
});
const manual = (more: object = {}) => ({
  id: 'release-7',
  repository: 'acme/shop',
  ref: 'refs/heads/main',
  environment: 'prod',
  actor: 'alice',
  ...more,
});

test('a push to a known repository is received with the installation that may read it', async () => {
  expect(await received(push())).toMatchObject({
    outcome: 'RECEIVED',
    reason: '2 of its targets match refs/heads/main',
    request: { id: 'd0a1', repository, commit: 'a'.repeat(40) },
  });
});

test('a branch deploys to every target that it matches, in the order of the file', async () => {
  const { targets: main } = await received(push());
  expect(main).toEqual([{ environment: 'prod' }, { environment: 'eu', application: 'apps/eu.yaml' }]);
  expect((await received(push({ ref: 'refs/heads/x' }))).targets).toEqual([{ environment: 'preview' }]);
  expect((await received(push({ ref: 'refs/tags/v1' }))).targets).toEqual([{ environment: 'prod' }]);
});

test('a branch that no target names deploys nowhere, and says so', async () => {
  expect(await received(push({ ref: 'refs/heads/wip/x' }))).toMatchObject({
    outcome: 'RECEIVED',
    targets: [],
    reason: 'No target matches refs/heads/wip/x',
  });
});

test('a repository that nobody configured deploys nowhere', async () => {
  expect((await received(push({ repositoryId: '666', name: 'stranger' }))).targets).toEqual([]);
});

test('a request that names its environment goes there and nowhere else', async () => {
  expect(await received(manual())).toMatchObject({
    targets: [{ environment: 'prod' }],
    reason: 'Named by the request',
  });
  const { targets: named } = await received(manual({ environment: 'eu', application: 'apps/a.yaml' }));
  expect(named).toEqual([{ environment: 'eu', application: 'apps/a.yaml' }]);
});

test('from then on the request stands for the commit of a branch that has a target, and for nothing else', async () => {
  const ports = await world();
  const standing = async (ref: string) => {
    await receivePush(ports, { input: push({ ref }) });
    return ports.targets.findRequest(pushRequestKey({ repositoryId: '1001', ref, commit: 'a'.repeat(40) }));
  };
  expect(await standing('refs/heads/main')).toEqual({ id: 'd0a1', at: someTime });
  expect(await standing('refs/heads/side')).toBeUndefined();
  expect(await standing('refs/tags/v1')).toBeUndefined();
});

test('a repository that was renamed is known by its number, and called as it is configured', async () => {
  expect(await received(push({ owner: 'new', name: 'name' }))).toMatchObject({ request: { repository } });
});

test('a repository that took the name of a configured one is not known', async () => {
  const { outcome, reason, request } = await received(push({ repositoryId: '666' }));
  expect([outcome, request]).toEqual(['IGNORED', undefined]);
  expect(reason).toContain('666');
  expect(reason).toContain('1001');
  expect((await received(push({ repositoryId: '666', name: 'stranger' }))).reason).toBe(
    'Repository acme/stranger is not configured',
  );
});

test('a request by hand finds its repository by name, in any case', async () => {
  expect(await received(manual({ repository: 'Acme/Shop' }))).toMatchObject({
    outcome: 'RECEIVED',
    request: { repository },
  });
  expect(await received(manual({ repository: 'acme/none' }))).toEqual({
    outcome: 'IGNORED',
    reason: 'Repository acme/none is not configured',
    targets: [],
  });
});

test('a request that brings its own file needs no repository', async () => {
  const request = manual({ repository: undefined, ref: undefined, inline: 'name: shop' });
  expect(await received(request)).toMatchObject({ outcome: 'RECEIVED', targets: [{ environment: 'prod' }] });
});

test('what cannot be read, and what means nothing, ends with its reason', async () => {
  expect(await received(push({ after: '0'.repeat(40) }))).toEqual({
    outcome: 'IGNORED',
    reason: 'refs/heads/main was deleted',
    targets: [],
  });
  expect((await received({})).outcome).toBe('REJECTED');
});
