import { afterEach, expect, test } from '@jest/globals';
import { gitHubHookDeliveries } from '../../../functions/adapters/github/hook-deliveries.ts';
import { gitHubApp } from '../../../functions/adapters/github/installation.ts';
import type { GitHubApp } from '../../../functions/domain/git-hub-app.ts';
import { APP_ID, cloned, privateKey, startedGitHub, startReceiver } from '../../local/github/github-fixture.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const app = async (): Promise<GitHubApp> => ({ appId: APP_ID, privateKey });
const longAgo = new Date(0);

/** A GitHub whose webhook has refused one push to main. */
const started = async (read: () => Promise<GitHubApp> = app) => {
  const receiver = await startReceiver(cleanups);
  const { github, world } = await startedGitHub(cleanups, {
    webhook: () => ({ url: receiver.url, secret: 'it is a secret' }),
  });
  const copy = await cloned(github, cleanups);
  copy.commit('first', {});
  receiver.status = 500;
  await copy.remote('push', '--quiet', 'origin', 'main');
  await github.settled();
  receiver.status = 202;
  return { github, world, receiver, deliveries: gitHubHookDeliveries(gitHubApp(read, github.apiUrl)) };
};

test('deliveries are listed with what became of them, and only those since a moment', async () => {
  const { world, deliveries } = await started();
  const { deliveries: listed, complete } = await deliveries.list(longAgo);
  expect([listed, complete]).toEqual([
    [
      {
        id: expect.stringMatching(/^\d+$/),
        guid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        event: 'push',
        repositoryId: '501',
        deliveredAt: expect.stringMatching(/Z$/),
        redelivery: false,
        statusCode: 500,
        pending: false,
      },
    ],
    true,
  ]);
  expect(await deliveries.list(new Date(world.clock.now() + 1))).toEqual({ deliveries: [], complete: true });
});

test('a push is sent again under its guid, and its ref is known', async () => {
  const { receiver, deliveries } = await started();
  const [{ id, guid } = { id: '', guid: '' }] = (await deliveries.list(longAgo)).deliveries;
  expect(await deliveries.findRef(id)).toBe('refs/heads/main');
  expect(await deliveries.redeliver(id)).toBe(true);
  expect(receiver.received.map(({ headers }) => headers['x-github-delivery'])).toEqual([guid, guid]);
  const { deliveries: both } = await deliveries.list(longAgo);
  expect(both.map(({ guid: each, redelivery, statusCode }) => [each, redelivery, statusCode])).toEqual([
    [guid, true, 202],
    [guid, false, 500],
  ]);
});

test('what GitHub has forgotten is no error', async () => {
  const { deliveries } = await started();
  expect(await deliveries.findRef('90071992547409930001')).toBeUndefined();
  expect(await deliveries.redeliver('90071992547409930001')).toBe(false);
});

test('pages are read until a delivery is older than asked for', async () => {
  const { github, world, deliveries } = await started();
  const since = world.clock.now() + 1;
  await world.clock.advance(60_000);
  for (let sent = 0; sent < 120; sent++) await github.ping();
  const pages: string[] = [];
  github.fail(({ path }) => pages.push(path) < 0, 1, 500);
  expect((await deliveries.list(new Date(since))).deliveries).toHaveLength(120);
  expect(pages).toHaveLength(2);
  expect((await deliveries.list(longAgo)).deliveries).toHaveLength(121);
});

test('a key that is refused is read again by the next call, and so is one that could not be read', async () => {
  const answers: (() => Promise<GitHubApp>)[] = [
    () => Promise.reject(new Error('no secret yet')),
    async () => ({ appId: 999, privateKey }),
    app,
  ];
  const { deliveries } = await started(() => answers.shift()?.() ?? app());
  await expect(deliveries.list(longAgo)).rejects.toThrow('no secret yet');
  await expect(deliveries.list(longAgo)).rejects.toMatchObject({ name: 'Unavailable' });
  expect((await deliveries.list(longAgo)).deliveries).toHaveLength(1);
});
