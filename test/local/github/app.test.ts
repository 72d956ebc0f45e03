import { createSign } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import {
  APP_ID,
  cloned,
  INSTALLATION,
  octokitFor,
  privateKey,
  REPO,
  startedGitHub,
  startReceiver,
} from './github-fixture.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const started = async (more: Parameters<typeof startedGitHub>[1] = {}) => {
  const { github, octokit, world } = await startedGitHub(cleanups, more);
  const app = octokitFor(github, {});
  const raw = (path: string, authorization?: string) =>
    fetch(`${github.apiUrl}${path}`, authorization ? { headers: { authorization } } : {});
  return { github, octokit, world, app, raw };
};

const jwt = (claims: object, head: object = { alg: 'RS256', typ: 'JWT' }) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part(head)}.${part(claims)}`;
  return `Bearer ${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
};

test('the App signs in by its key, finds its installation and gets a token that works', async () => {
  const { app, octokit } = await started();
  expect((await app.request('GET /app')).data).toMatchObject({ id: APP_ID });
  const { data } = await app.request('GET /repos/{owner}/{repo}/installation', REPO);
  expect(data.id).toBe(INSTALLATION);
  const token = await app.request('POST /app/installations/{installation_id}/access_tokens', {
    installation_id: INSTALLATION,
  });
  expect(token.data).toMatchObject({ token: expect.stringMatching(/^ghs_/), repository_selection: 'all' });
  expect((await octokit.request('GET /repos/{owner}/{repo}', REPO)).data.full_name).toBe('acme/shop');
  expect((await octokit.request('GET /installation/repositories')).data.total_count).toBe(1);
  const other = app.request('POST /app/installations/{installation_id}/access_tokens', { installation_id: 1 });
  await expect(other).rejects.toMatchObject({ status: 404 });
});

test('what the App signs wrongly is refused in words that say what is wrong', async () => {
  const { raw } = await started();
  const now = Math.floor(Date.now() / 1000);
  const good = { iss: APP_ID, iat: now - 30, exp: now + 300 };
  const answer = async (authorization?: string) => {
    const response = await raw('/app', authorization);
    const body = (await response.json()) as { message?: string };
    return `${response.status} ${body.message}`;
  };
  expect(await answer(jwt(good))).toMatch(/^200/);
  expect(await answer(jwt({ ...good, exp: now + 3600 }))).toBe(
    "401 'Expiration time' claim ('exp') is too far in the future",
  );
  expect(await answer(jwt({ ...good, exp: now - 1 }))).toMatch(/^401 'Expiration time' claim \('exp'\) must be/);
  expect(await answer(jwt({ ...good, iat: now + 600 }))).toMatch(/^401 'Issued at' claim/);
  expect(await answer(jwt({ ...good, iss: 1 }))).toMatch(/^401 'Issuer' claim/);
  const undecodable = '401 A JSON web token could not be decoded';
  expect(await answer(jwt(good).replace(/\.[^.]+\./, `.${Buffer.from('{"iss":77}').toString('base64url')}.`))).toBe(
    undecodable,
  );
  expect(await answer(jwt(good, { alg: 'none' }))).toBe(undecodable);
  expect(await answer('Bearer nonsense')).toBe(undecodable);
  expect(await answer()).toBe(undecodable);
});

test('without a token, with a wrong one, or with one that may not, nothing is read', async () => {
  const { app, raw } = await started();
  const message = async (authorization?: string) => {
    const response = await raw('/repos/acme/shop/git/ref/heads/main', authorization);
    return [response.status, await response.json()];
  };
  expect(await message()).toEqual([
    401,
    expect.objectContaining({ message: 'Requires authentication', status: '401' }),
  ]);
  expect(await message('token ghs_no')).toEqual([
    401,
    { message: 'Bad credentials', documentation_url: expect.any(String), status: '401' },
  ]);
  const { data } = await app.request('POST /app/installations/{installation_id}/access_tokens', {
    installation_id: INSTALLATION,
    permissions: { checks: 'write' },
  });
  expect(await message(`token ${data.token}`)).toEqual([
    403,
    expect.objectContaining({ message: 'Resource not accessible by integration' }),
  ]);
});

test('a token for some repositories does not reach others', async () => {
  const repositories = ['shop', 'other'].map((name, index) => ({
    owner: 'acme',
    name,
    id: index,
    defaultBranch: 'main',
  }));
  const { github } = await started({ repositories });
  const limited = octokitFor(github, { installationId: INSTALLATION, repositoryNames: ['shop'] });
  const auth = (await limited.auth({ type: 'installation', repositoryNames: ['shop'] })) as { token: string };
  const read = (repo: string) =>
    fetch(`${github.apiUrl}/repos/acme/${repo}`, { headers: { authorization: `token ${auth.token}` } });
  expect((await read('shop')).status).toBe(200);
  expect((await read('other')).status).toBe(404);
  const none = octokitFor(github).request('POST /app/installations/{installation_id}/access_tokens', {
    installation_id: INSTALLATION,
    repositories: ['none'],
  });
  await expect(none).rejects.toMatchObject({ status: 422 });
});

test('the App reads its deliveries page by page and asks for one again', async () => {
  const receiver = await startReceiver(cleanups);
  const { github, app } = await started({ webhook: () => ({ url: receiver.url, secret: 's' }) });
  const copy = await cloned(github, cleanups);
  for (const name of ['a', 'b', 'c']) {
    copy.commit(name, { 'a.txt': name });
    await copy.remote('push', '--quiet', 'origin', 'main');
  }
  await github.settled();
  const page = (more: object) => app.request('GET /app/hook/deliveries', { per_page: 2, ...more });
  const first = await page({});
  expect(first.data).toMatchObject([
    {
      event: 'push',
      status: 'OK',
      status_code: 202,
      redelivery: false,
      repository_id: 501,
      delivered_at: expect.any(String),
    },
    { event: 'push' },
  ]);
  const cursor = /cursor=([^&>]+)/.exec(first.headers.link ?? '')?.[1] ?? '';
  const second = await page({ cursor });
  expect(second.data).toHaveLength(1);
  expect(second.headers.link).toBeUndefined();
  const [oldest] = second.data;
  const delivery_id = Number(oldest?.id);
  const details = await app.request('GET /app/hook/deliveries/{delivery_id}', { delivery_id });
  expect(details.data).toMatchObject({
    guid: oldest?.guid,
    request: { headers: { 'X-GitHub-Event': 'push' }, payload: { ref: 'refs/heads/main' } },
    response: { payload: 'seen' },
  });
  const asked = await app.request('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id });
  expect(asked.status).toBe(202);
  expect(github.deliveries()[0]).toMatchObject({ guid: oldest?.guid, redelivery: true });
  expect(receiver.received).toHaveLength(4);
});

test('every answer counts down the hour, and the last request of it is the last', async () => {
  const { octokit, github } = await started({ rateLimit: 2 });
  const read = () => octokit.request('GET /repos/{owner}/{repo}', REPO);
  const { headers } = await read();
  expect(headers).toMatchObject({
    'x-ratelimit-limit': '2',
    'x-ratelimit-remaining': '1',
    'x-ratelimit-resource': 'core',
  });
  expect(headers['x-github-request-id']).toMatch(/^[0-9A-F:]+$/);
  await read();
  await expect(read()).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('API rate limit exceeded'),
  });
  expect(github.apiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test('a failure on demand hits what it names, as often as asked', async () => {
  const { octokit, github } = await started();
  const read = () => octokit.request('GET /repos/{owner}/{repo}', REPO);
  github.fail(({ method, path }) => method === 'GET' && path === '/repos/acme/shop', 1, 502);
  await expect(read()).rejects.toMatchObject({ status: 502 });
  expect((await read()).status).toBe(200);
  github.fail(() => true, 1, 429);
  await expect(read()).rejects.toMatchObject({ status: 429, response: { headers: { 'retry-after': '1' } } });
});

test("an App may sign by the machine's time or by the cloud's, when a test has moved that", async () => {
  const { raw, world, octokit } = await started();
  await world.clock.advance(2 * 60 * 60 * 1000);
  const signedAt = (millis: number) => {
    const now = Math.floor(millis / 1000);
    return jwt({ iss: APP_ID, iat: now - 30, exp: now + 300 });
  };
  expect((await raw('/app', signedAt(world.clock.now()))).status).toBe(200);
  expect((await raw('/app', signedAt(Date.now()))).status).toBe(200);
  expect((await raw('/app', signedAt(Date.now() + 60 * 60 * 1000))).status).toBe(401);
  // Clients keep tokens for an hour of their own clock: a leap of the cloud's clock takes none away.
  expect((await octokit.request('GET /repos/{owner}/{repo}', REPO)).status).toBe(200);
  await world.clock.advance(2 * 60 * 60 * 1000);
  expect((await octokit.request('GET /repos/{owner}/{repo}', REPO)).status).toBe(200);
});
