import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import type { TestWorld } from '../test-world.ts';
import { cloned, octokitFor, startedGitHub, startReceiver } from './github-fixture.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Started = Awaited<ReturnType<typeof startedGitHub>>;
let github: Started['github'];
let world: TestWorld;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  receiver = await startReceiver(cleanups);
  ({ github, world } = await startedGitHub(cleanups));
});

const manifest = (more: object = {}) => ({
  name: 'Slipway of Acme',
  url: 'https://example.com',
  redirect_url: 'http://127.0.0.1:9/created?from=here',
  hook_attributes: { url: receiver.url },
  default_permissions: { contents: 'read' },
  default_events: ['push'],
  ...more,
});

/** What a browser does when somebody presses the button. */
const submit = async (form: unknown, path = '/settings/apps/new?state=a%20b') => {
  const body = new URLSearchParams({ manifest: typeof form === 'string' ? form : JSON.stringify(form) });
  const response = await fetch(`${github.apiUrl}${path}`, { method: 'POST', body, redirect: 'manual' });
  return { status: response.status, text: await response.text(), location: response.headers.get('location') };
};

const codeOf = (location: string | null) => new URL(location ?? '').searchParams.get('code') ?? '';

const convert = (code: string) =>
  new Octokit({ baseUrl: github.apiUrl }).request('POST /app-manifests/{code}/conversions', { code });

const octokitOf = ({ id, pem }: { readonly id: number; readonly pem: string }, auth: object = {}) =>
  new Octokit({
    baseUrl: github.apiUrl,
    authStrategy: createAppAuth,
    auth: { appId: id, privateKey: pem, ...auth },
  });

test('a manifest makes an App, whose keys are handed out once to whoever brings the code', async () => {
  const { status, location } = await submit(manifest(), '/organizations/acme/settings/apps/new?state=a%20b');
  expect(status).toBe(302);
  expect(location).toMatch(/^http:\/\/127\.0\.0\.1:9\/created\?from=here&code=[0-9a-f]{40}&state=a\+b$/);
  const { data } = await convert(codeOf(location));
  expect(data).toMatchObject({
    slug: 'slipway-of-acme',
    owner: { login: 'acme', type: 'Organization' },
    permissions: { contents: 'read', metadata: 'read' },
    events: ['push'],
    webhook_secret: expect.stringMatching(/^[0-9a-f]{40}$/),
    client_secret: expect.any(String),
  });
  expect(data.pem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
  expect((await octokitOf(data).request('GET /app')).data).toMatchObject({ id: data.id, name: 'Slipway of Acme' });
  await expect(convert(codeOf(location))).rejects.toMatchObject({ status: 404 });
});

test('a code is worth nothing after an hour', async () => {
  const { location } = await submit(manifest());
  await world.clock.advance(60 * 60 * 1000);
  await expect(convert(codeOf(location))).rejects.toMatchObject({ status: 404 });
});

test.each([
  ['no JSON', '{', 'manifest'],
  ['a name that is too long', { name: 'x'.repeat(35) }, 'name'],
  ['a name that is taken', { name: 'slipway' }, 'Name is already taken'],
  ['no way back', { redirect_url: undefined }, 'redirect_url'],
  ['a webhook that is no address', { hook_attributes: { url: 'here' } }, 'hook_attributes.url'],
  ['a permission that does not exist', { default_permissions: { secrets_of_others: 'read' } }, 'secrets_of_others'],
  ['an event that it could not hear', { default_events: ['pull_request'] }, 'pull_requests'],
  ['an event that does not exist', { default_events: ['pushes'] }, 'pushes is not an event'],
])('a manifest with %s is shown again with what is wrong', async (_, more, words) => {
  const { status, text } = await submit(typeof more === 'string' ? more : manifest(more));
  expect([status, text]).toEqual([422, expect.stringContaining(words)]);
});

test('a made App hears of pushes from its installation on, and asks for tokens within what it was granted', async () => {
  const { data } = await convert(codeOf((await submit(manifest())).location));
  const app = octokitOf(data);
  const copy = await cloned(github, cleanups);
  const push = async (name: string) => {
    copy.commit(name, { 'a.txt': name });
    await copy.remote('push', '--quiet', 'origin', 'main');
    await github.settled();
  };
  expect((await app.request('GET /app/installations')).data).toEqual([]);
  await push('unheard');
  expect(receiver.received).toEqual([]);
  const page = await fetch(`${github.apiUrl}/apps/slipway-of-acme/installations/new`, { method: 'POST' });
  expect(page.status).toBe(200);
  const [installation] = (await app.request('GET /app/installations')).data;
  expect(installation).toMatchObject({ app_id: data.id, account: { login: 'acme' }, suspended_at: null });
  await push('heard');
  expect(receiver.received.map(({ headers }) => headers['x-hub-signature-256'])).toEqual([
    `sha256=${createHmac('sha256', data.webhook_secret ?? '')
      .update(receiver.received[0]?.body ?? '')
      .digest('hex')}`,
  ]);
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ installation: { id: installation?.id } });
  const asked = app.request('POST /app/installations/{installation_id}/access_tokens', {
    installation_id: Number(installation?.id),
    permissions: { checks: 'write' },
  });
  await expect(asked).rejects.toMatchObject({ status: 422, message: expect.stringContaining('not granted') });
});

test("the webhook's address and secret are changed by the App itself, and the secret is never shown again", async () => {
  const { data } = await convert(codeOf((await submit(manifest())).location));
  const app = octokitOf(data);
  const config = async () => (await app.request('GET /app/hook/config')).data;
  expect(await config()).toMatchObject({ url: receiver.url, secret: '********' });
  const other = `${receiver.url}/other`;
  await app.request({ method: 'PATCH', url: '/app/hook/config', data: { url: other, secret: 'n3w' } });
  expect(await config()).toMatchObject({ url: other, secret: '********' });
  await fetch(`${github.apiUrl}/apps/slipway-of-acme/installations/new`, { method: 'POST' });
  const copy = await cloned(github, cleanups);
  copy.commit('one', { 'a.txt': 'one' });
  await copy.remote('push', '--quiet', 'origin', 'main');
  await github.settled();
  const [heard] = receiver.received;
  expect(heard?.headers['x-hub-signature-256']).toBe(
    `sha256=${createHmac('sha256', 'n3w')
      .update(heard?.body ?? '')
      .digest('hex')}`,
  );
  const bad = app.request({ method: 'PATCH', url: '/app/hook/config', data: { url: 'nowhere' } });
  await expect(bad).rejects.toMatchObject({ status: 422 });
  // Deliveries are of one App: the declared one has none, and finds none of the other's.
  const [delivery] = (await app.request('GET /app/hook/deliveries')).data;
  const octokit = octokitFor(github, {});
  expect((await octokit.request('GET /app/hook/deliveries')).data).toEqual([]);
  const foreign = octokit.request('GET /app/hook/deliveries/{delivery_id}', { delivery_id: Number(delivery?.id) });
  await expect(foreign).rejects.toMatchObject({ status: 404 });
});
