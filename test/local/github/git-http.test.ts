import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import { cloned, startedGitHub } from './github-fixture.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const pushedOnce = async () => {
  const { github } = await startedGitHub(cleanups);
  const copy = await cloned(github, cleanups);
  const sha = copy.commit('first', { 'a.txt': '1' });
  await copy.remote('push', '--quiet', 'origin', 'main');
  const url = github.gitUrl('acme', 'shop');
  const ask = (body: Uint8Array<ArrayBuffer> | string, headers: Record<string, string> = {}) =>
    fetch(`${url}/git-upload-pack`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-git-upload-pack-request', 'git-protocol': 'version=2', ...headers },
    });
  return { github, copy, sha, url, ask };
};

/** As https://git-scm.com/docs/protocol-v2 has it: which refs are there? */
const LIST = '0014command=ls-refs\n0000';

test.each(['0', '1', '2'])('version %s of the protocol lists, fetches and pushes', async (version) => {
  const { github, copy, sha, url } = await pushedOnce();
  const speaking = ['-c', `protocol.version=${version}`];
  expect(await copy.remote(...speaking, 'ls-remote', url)).toBe(`${sha}\tHEAD\n${sha}\trefs/heads/main`);
  const second = copy.commit('second', { 'a.txt': '2' });
  await copy.remote(...speaking, 'push', '--quiet', 'origin', 'main');
  const other = await cloned(github, cleanups);
  await other.remote(...speaking, 'fetch', '--quiet', 'origin', 'main');
  expect(other.git('rev-parse', 'FETCH_HEAD')).toBe(second);
});

test('a request that the client has zipped is read as any other', async () => {
  const { ask, sha } = await pushedOnce();
  const plain = await (await ask(LIST)).text();
  expect(plain).toContain(`${sha} refs/heads/main`);
  const zipped = await ask(new Uint8Array(gzipSync(LIST)), { 'content-encoding': 'gzip' });
  expect([zipped.status, await zipped.text()]).toEqual([200, plain]);
});

test('a request that git cannot read is told why, and the next one is answered', async () => {
  const { ask } = await pushedOnce();
  const refused = await ask('nonsense');
  expect(refused.status).toBe(500);
  expect(await refused.text()).toMatch(/^git upload-pack ended with 128: fatal: protocol error/);
  expect((await ask('no zip', { 'content-encoding': 'gzip' })).status).toBe(500);
  expect((await ask(LIST)).status).toBe(200);
});
