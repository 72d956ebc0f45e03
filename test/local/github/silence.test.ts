import { afterEach, expect, test } from '@jest/globals';
import { cloned, startedGitHub, startReceiver } from './github-fixture.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test('a silent GitHub takes pushes and tells nobody; once it speaks, it tells each of them once', async () => {
  const receiver = await startReceiver(cleanups);
  const told: string[] = [];
  let webhook: { url: string; secret: string } | undefined;
  const { github } = await startedGitHub(cleanups, {
    silent: true,
    webhook: () => webhook,
    onPush: async (_name, ref, _before, after) => void told.push(`${ref} ${after}`),
  });
  const copy = await cloned(github, cleanups);
  const first = copy.commit('first', { 'a.txt': '1' });
  await copy.remote('push', '--quiet', 'origin', 'main');
  await github.settled();
  expect([told, github.deliveries()]).toEqual([[], []]);

  webhook = { url: receiver.url, secret: 'secret' };
  await github.speak();
  await github.settled();
  expect(told).toEqual([`refs/heads/main ${first}`]);
  expect(receiver.received.map(({ body }) => JSON.parse(body).after)).toEqual([first]);

  const second = copy.commit('second', { 'a.txt': '2' });
  await copy.remote('push', '--quiet', 'origin', 'main');
  await github.settled();
  expect(receiver.received.map(({ body }) => JSON.parse(body).after)).toEqual([first, second]);
});
