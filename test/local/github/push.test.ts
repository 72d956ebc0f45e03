import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { verify } from '@octokit/webhooks-methods';
import { openStore } from '../../../infra/local/store.ts';
import { testWorld } from '../test-world.ts';
import { cloned, INSTALLATION, startedGitHub, startReceiver, temporary } from './github-fixture.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Sample {
  readonly commits: readonly object[];
  readonly [key: string]: unknown;
}
const examples: { name: string; examples: Sample[] }[] = createRequire(import.meta.url)('@octokit/webhooks-examples');

const SECRET = 'it is a secret';
const ZERO = '0'.repeat(40);

const started = async (more: Parameters<typeof startedGitHub>[1] = {}) => {
  const receiver = await startReceiver(cleanups);
  const { github, octokit } = await startedGitHub(cleanups, {
    webhook: () => ({ url: receiver.url, secret: SECRET }),
    ...more,
  });
  const copy = await cloned(github, cleanups);
  /** Pushes, and gives the payloads that arrived for it. */
  const push = async (...args: string[]) => {
    const before = receiver.received.length;
    await copy.remote('push', '--quiet', 'origin', ...args);
    await github.settled();
    return receiver.received.slice(before).map(({ body }) => JSON.parse(body));
  };
  return { github, octokit, copy, push, receiver };
};

test('a push arrives as a signed delivery that octokit verifies', async () => {
  const { copy, push, receiver } = await started();
  copy.commit('first', { 'a.txt': 'ü' });
  await push('main');
  const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
  expect(await verify(SECRET, body, String(headers['x-hub-signature-256']))).toBe(true);
  expect(await verify('another', body, String(headers['x-hub-signature-256']))).toBe(false);
  expect(headers).toMatchObject({
    'x-github-event': 'push',
    'x-github-delivery': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    'x-github-hook-id': expect.stringMatching(/^\d+$/),
    'x-hub-signature': expect.stringMatching(/^sha1=[0-9a-f]{40}$/),
    'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
    'content-type': 'application/json',
  });
});

test('a push payload has the keys of GitHub, at the top, in the repository and in each commit', async () => {
  const { copy, push } = await started();
  copy.commit('first', { 'a.txt': 'a' });
  const [payload] = await push('main');
  const samples = examples.find(({ name }) => name === 'push')?.examples ?? [];
  const sample = samples.find((each) => 'installation' in each && each.commits.length > 0);
  const keys = (value: unknown) => Object.keys(Object(value)).sort();
  expect(keys(payload)).toEqual(keys(sample));
  for (const part of ['repository', 'sender', 'pusher', 'installation', 'head_commit'] as const)
    expect(keys(payload[part])).toEqual(expect.arrayContaining(keys(sample?.[part])));
  expect(keys(payload.commits[0])).toEqual(keys(sample?.commits[0]));
});

test('a new branch, a later push and a forced one say what they changed', async () => {
  const { copy, push } = await started();
  const first = copy.commit('first', { 'a.txt': '1', 'b/c d.txt': '1' });
  const second = copy.commit('second', { 'a.txt': '2', 'b/c d.txt': null, 'new.txt': 'n' });
  const [created] = await push('main');
  expect(created).toMatchObject({
    ref: 'refs/heads/main',
    before: ZERO,
    after: second,
    created: true,
    deleted: false,
    forced: false,
    base_ref: null,
    installation: { id: INSTALLATION },
    repository: { id: 501, full_name: 'acme/shop', default_branch: 'main', owner: { login: 'acme' } },
    head_commit: { id: second, message: 'second' },
    pusher: { name: 'Ada', email: 'ada@example.com' },
  });
  expect(created.commits).toMatchObject([
    { id: first, added: ['a.txt', 'b/c d.txt'], removed: [], modified: [], message: 'first' },
    { id: second, added: ['new.txt'], removed: ['b/c d.txt'], modified: ['a.txt'], distinct: true },
  ]);
  const third = copy.commit('third', {});
  const [later] = await push('main');
  expect(later).toMatchObject({ before: second, after: third, created: false, forced: false });
  expect(later.commits).toMatchObject([{ id: third, added: [], removed: [], modified: [] }]);
  copy.git('reset', '--quiet', '--hard', first);
  const other = copy.commit('other', { 'a.txt': '9' });
  const [forced] = await push('--force', 'main');
  expect(forced).toMatchObject({ before: third, after: other, forced: true });
  expect(forced.commits.map(({ id }: { id: string }) => id)).toEqual([other]);
  const [back] = await push('--force', `${first}:main`);
  expect(back).toMatchObject({ before: other, after: first, forced: true, commits: [], head_commit: { id: first } });
});

test('a branch made of another says so, and its deletion ends in zeros', async () => {
  const { copy, push } = await started();
  const sha = copy.commit('first', { 'a.txt': '1' });
  await push('main');
  const [made] = await push('main:refs/heads/feature/x');
  expect(made).toMatchObject({ ref: 'refs/heads/feature/x', created: true, base_ref: 'refs/heads/main', commits: [] });
  const [gone] = await push('--delete', 'feature/x');
  expect(gone).toMatchObject({
    before: sha,
    after: ZERO,
    deleted: true,
    created: false,
    forced: false,
    commits: [],
    head_commit: null,
  });
});

test('tags are pushed as themselves: light ones as the commit, annotated ones as the tag', async () => {
  const { copy, push } = await started();
  const sha = copy.commit('first', { 'a.txt': '1' });
  await push('main');
  copy.git('tag', 'light');
  copy.git('tag', '-a', 'v1', '-m', 'one');
  const payloads = await push('light', 'v1');
  expect(payloads.map(({ ref, after, head_commit, commits }) => [ref, after, head_commit.id, commits])).toEqual([
    ['refs/tags/light', sha, sha, []],
    ['refs/tags/v1', copy.git('rev-parse', 'v1'), sha, []],
  ]);
  expect(payloads[1].after).not.toBe(sha);
});

test('more than three tags at once make no deliveries, as on GitHub, but are still noticed', async () => {
  const noticed: string[] = [];
  const { copy, push } = await started({ onPush: async (name, ref) => void noticed.push(`${name} ${ref}`) });
  copy.commit('first', { 'a.txt': '1' });
  const tags = ['t1', 't2', 't3', 't4'];
  for (const tag of tags) copy.git('tag', tag);
  const payloads = await push('main', ...tags);
  expect(payloads.map(({ ref }) => ref)).toEqual(['refs/heads/main']);
  expect(noticed.sort()).toEqual(['shop refs/heads/main', ...tags.map((tag) => `shop refs/tags/${tag}`)]);
});

test('what runs at a push ends before its delivery, and its failure does not lose the delivery', async () => {
  const order: string[] = [];
  const { copy, github, receiver } = await started({
    onPush: async (_name, ref, before, after) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push(`${ref} ${before} ${after} ${receiver.received.length}`);
      throw new Error('no image');
    },
  });
  const sha = copy.commit('first', { 'a.txt': '1' });
  await copy.remote('push', '--quiet', 'origin', 'main');
  await github.settled();
  expect(order).toEqual([`refs/heads/main ${ZERO} ${sha} 0`]);
  expect(receiver.received).toHaveLength(1);
});

test('a refused delivery is recorded and not sent again by itself; asked for, it goes out under its old guid', async () => {
  const { copy, push, receiver, github } = await started();
  receiver.status = 500;
  copy.commit('first', { 'a.txt': '1' });
  await push('main');
  const [failed] = github.deliveries();
  expect(failed).toMatchObject({ event: 'push', redelivery: false, result: { statusCode: 500 } });
  expect(receiver.received).toHaveLength(1);
  receiver.status = 202;
  const again = await github.redeliver(failed?.id ?? 0);
  expect(again).toMatchObject({ guid: failed?.guid, redelivery: true, result: { statusCode: 202, status: 'OK' } });
  expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body);
  expect(receiver.received[1]?.headers['x-github-delivery']).toBe(failed?.guid);
});

test('a receiver that is not there is a delivery without a status', async () => {
  const { copy, github } = await started({ webhook: () => ({ url: 'http://127.0.0.1:1/', secret: SECRET }) });
  copy.commit('first', { 'a.txt': '1' });
  await copy.remote('push', '--quiet', 'origin', 'main');
  await github.settled();
  expect(github.deliveries()).toMatchObject([{ result: { statusCode: 0, status: 'failed to connect to host' } }]);
});

test('a ping says that the webhook is set up', async () => {
  const { github, receiver } = await started();
  await github.ping();
  expect(receiver.received[0]?.headers['x-github-event']).toBe('ping');
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ zen: expect.any(String), hook_id: 424242 });
});

test('what was pushed and not told before a stop is told after the next start, once', async () => {
  const directory = temporary(cleanups);
  const world = testWorld({ store: openStore() });
  const { github, copy } = await started({ directory, world });
  copy.commit('first', { 'a.txt': '1' });
  await copy.remote('push', '--quiet', 'origin', 'main');
  await github.settled();
  await github.stop();
  // A push that goes past the server stands for one after which a kill came at once.
  const missed = copy.commit('second', { 'a.txt': '2' });
  await copy.remote('push', '--quiet', github.bareDirectory('acme', 'shop'), 'main');
  for (const expected of [[missed], []]) {
    const receiver = await startReceiver(cleanups);
    const noticed: string[] = [];
    const again = await startedGitHub(cleanups, {
      directory,
      world,
      webhook: () => ({ url: receiver.url, secret: SECRET }),
      onPush: async (_name, _ref, _before, after) => void noticed.push(after),
    });
    await again.github.settled();
    expect(receiver.received.map(({ body }) => JSON.parse(body).after)).toEqual(expected);
    expect(noticed).toEqual(expected);
    await again.github.stop();
  }
});

test('a delivery that a stop cut off goes out after the next start, under its guid', async () => {
  const directory = temporary(cleanups);
  const world = testWorld({ store: openStore() });
  const arrived = Promise.withResolvers<void>();
  const silent = createServer(() => arrived.resolve());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const address = silent.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  const { github, copy } = await started({ directory, world, webhook: () => ({ url, secret: SECRET }) });
  copy.commit('first', { 'a.txt': '1' });
  await copy.remote('push', '--quiet', 'origin', 'main');
  await arrived.promise;
  const [open] = github.deliveries();
  expect(open?.result).toBeUndefined();
  await github.stop();
  silent.removeAllListeners('request').on('request', (_, response) => response.writeHead(202).end());
  const again = await startedGitHub(cleanups, { directory, world });
  await again.github.settled();
  expect(again.github.deliveries()).toMatchObject([
    { guid: open?.guid, redelivery: false, result: { statusCode: 202 } },
  ]);
});

test('a global hooks path and hooks in the repository change nothing', async () => {
  const { copy, push, github } = await started();
  const marker = join(copy.directory, 'hook-ran');
  const hooks = [join(github.bareDirectory('acme', 'shop'), 'hooks'), join(copy.directory, 'hooks')];
  for (const folder of hooks) {
    mkdirSync(folder);
    for (const hook of ['pre-receive', 'post-receive'])
      writeFileSync(join(folder, hook), `#!/bin/sh\ntouch ${marker}\nexit 1\n`, { mode: 0o755 });
  }
  const globalConfig = join(copy.directory, 'gitconfig');
  writeFileSync(globalConfig, `[core]\n  hooksPath = ${hooks[1]}\n`);
  process.env['GIT_CONFIG_GLOBAL'] = globalConfig;
  cleanups.push(() => delete process.env['GIT_CONFIG_GLOBAL']);
  copy.commit('first', { 'a.txt': '1' });
  expect(await push('main')).toHaveLength(1);
  expect(existsSync(marker)).toBe(false);
});

test('a push of megabytes that do not compress arrives whole', async () => {
  const { copy, push, github } = await started();
  copy.commit('large', { 'noise.txt': randomBytes(3_000_000).toString('base64') });
  expect(await push('main')).toMatchObject([{ commits: [{ added: ['noise.txt'] }] }]);
  const other = await cloned(github, cleanups);
  expect(other.git('rev-parse', 'origin/main^{tree}')).toBe(copy.git('rev-parse', 'main^{tree}'));
});

test('a clone gets what was pushed, and an unknown repository is refused', async () => {
  const { copy, github, push } = await started();
  const sha = copy.commit('first', { 'a.txt': '1' });
  await push('main');
  const other = await cloned(github, cleanups);
  expect(other.git('rev-parse', 'origin/main')).toBe(sha);
  await expect(copy.remote('ls-remote', `${github.apiUrl}/acme/none.git`)).rejects.toThrow('not found');
});

test('pushes at the same moment each make their own delivery', async () => {
  const { copy, github, push, receiver } = await started();
  copy.commit('first', { 'a.txt': '1' });
  await push('main');
  const branches = ['a', 'b', 'c', 'd'];
  const pushOne = (branch: string) => copy.remote('push', '--quiet', 'origin', `main:refs/heads/${branch}`);
  await Promise.all(branches.map(pushOne));
  await github.settled();
  const refs = receiver.received.slice(1).map(({ body }) => JSON.parse(body).ref);
  expect(refs.sort()).toEqual(branches.map((branch) => `refs/heads/${branch}`));
});

test('a sending can be made to fail before it arrives, and is listed with what became of it', async () => {
  const { github, copy, push } = await started();
  copy.commit('first', {});
  github.failDelivery(({ event, ref }) => event === 'push' && ref === 'refs/heads/main', 2, 429);
  expect(await push('main')).toEqual([]);
  expect(github.deliveries().map(({ result }) => [result?.statusCode, result?.status])).toEqual([
    [429, 'Invalid HTTP Response: 429'],
  ]);
  const [{ id } = { id: 0 }] = github.deliveries();
  expect((await github.redeliver(id))?.result).toMatchObject({ statusCode: 429 });
  expect((await github.redeliver(id))?.result).toMatchObject({ statusCode: 202 });
  copy.git('branch', 'side');
  github.failDelivery(({ ref }) => ref === 'refs/heads/side', 1, 0);
  expect(await push('side')).toEqual([]);
  expect(github.deliveries()[0]?.result).toMatchObject({ statusCode: 0, status: 'timed out' });
});

test('an event can get lost: the ref has moved, nobody is told, and no record is left', async () => {
  const moved: string[] = [];
  const { github, copy, push } = await started({ onPush: async (_name, ref) => void moved.push(ref) });
  copy.commit('first', {});
  github.lose(({ ref }) => ref === 'refs/heads/main', 1);
  expect(await push('main')).toEqual([]);
  expect([moved, github.deliveries()]).toEqual([['refs/heads/main'], []]);
  copy.commit('second', {});
  expect(await push('main')).toMatchObject([{ ref: 'refs/heads/main' }]);
});
