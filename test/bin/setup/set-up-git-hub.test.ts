import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Complaint } from '../../../bin/complaint.ts';
import { appPermissions } from '../../../functions/domain/git-hub-app.ts';
import { APP_ID, cloned, INSTALLATION, privateKey } from '../../local/github/github-fixture.ts';
import { spellings } from '../../support/secret-scan.ts';
import { pressButton, type SetupStage, setupStage } from './setup-stage.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

let stage: SetupStage;
let copy: Awaited<ReturnType<typeof cloned>> | undefined;
beforeEach(async () => {
  copy = undefined;
  stage = await setupStage(cleanups);
});

/** What the setup says, until somebody acts on it: presses the button, installs the App. */
const acting =
  (acts: { readonly install?: boolean; readonly pages?: Promise<string>[] } = {}) =>
  (line: string) => {
    const page = /press the button: (\S+)$/.exec(line)?.[1];
    const place = /^Install it on the repositories to be deployed: (\S+)$/.exec(line)?.[1];
    if (page) {
      const shown = pressButton(page).then(({ text }) => text);
      acts.pages?.push(shown);
    }
    if (place && acts.install !== false) {
      const installed = fetch(place, { method: 'POST' });
      cleanups.push(() => installed);
    }
  };

const created = (acts: Parameters<typeof acting>[0] = {}) =>
  stage.run({ organization: 'acme' }, { onLine: acting(acts) });

const said = () => stage.said.join('\n');

const keyFile = (pem: string): string => {
  const directory = mkdtempSync(join(tmpdir(), 'setup-key-'));
  cleanups.push(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'app.pem'), pem, { mode: 0o600 });
  return join(directory, 'app.pem');
};

const stored = () => stage.world.ports.gitHubSecrets.findApp();
const webhookSecrets = async () => (await stage.world.ports.gitHubSecrets.findWebhookSecrets())?.secrets ?? [];

/** A push by git, delivered and signed by GitHub; the statuses that the webhook answered. */
const pushed = async (): Promise<readonly number[]> => {
  const before = stage.github.deliveries().length;
  copy ??= await cloned(stage.github, cleanups);
  copy.commit('a push', { 'a.txt': String(before) });
  await copy.remote('push', '--quiet', 'origin', `main:${`b${before}`}`);
  await stage.github.settled();
  const deliveries = stage.github.deliveries();
  return deliveries.slice(0, deliveries.length - before).map(({ result }) => result?.statusCode ?? -1);
};

test('from nothing to a push that is heard: the App is made at a browser, stored, installed and shown', async () => {
  const pages: Promise<string>[] = [];
  expect(await created({ pages })).toBe(0);
  expect(await pages[0]).toContain('Its keys are stored');
  const { description, installations } = await looked();
  expect(description).toMatchObject({
    name: 'slipway-acme',
    owner: 'acme',
    permissions: appPermissions,
    events: ['push'],
  });
  expect(description.settingsUrl).toBe(`${stage.github.apiUrl}/organizations/acme/settings/apps/slipway-acme`);
  expect(said()).toContain(`installationId: "${installations[0]?.id}"`);
  expect(said()).toContain('id: "501"');
  expect(await pushed()).toEqual([202]);
  const repository = { id: '501', owner: 'acme', name: 'shop', installationId: String(installations[0]?.id) };
  expect(await stage.functionPorts.source.head(repository, 'refs/heads/b0')).toMatch(/^[0-9a-f]{40}$/);
});

const looked = async () => {
  const app = await stored();
  if (!app) throw new Error('No App is stored');
  const { gitHubSettings } = stage.world.ports;
  const described = await gitHubSettings.describe(app);
  if (described.kind !== 'known') throw new Error(described.message);
  return { description: described.description, installations: await gitHubSettings.installations(app) };
};

test('run again it makes nothing and shows how it stands', async () => {
  await created({ install: false });
  expect(said()).toContain('not installed yet');
  const [app, secrets] = [await stored(), await webhookSecrets()];
  stage.said.length = 0;
  expect(await stage.run()).toBe(0);
  expect(said()).toContain('GitHub App slipway-acme');
  expect([await stored(), await webhookSecrets()]).toEqual([app, secrets]);
});

test('a setup that was cut off between key and webhook secret goes on with the key', async () => {
  stage.breakWritesAfter(1);
  await expect(created()).rejects.toThrow(/could not be stored.*--app-id \d+ --private-key FILE/);
  expect(await webhookSecrets()).toEqual([]);
  stage.breakWritesAfter(9);
  expect(await stage.run()).toBe(0);
  expect(await webhookSecrets()).toHaveLength(1);
  await fetch(`${stage.github.apiUrl}/apps/slipway-acme/installations/new`, { method: 'POST' });
  expect(await pushed()).toEqual([202]);
});

test('an App that was made and could not be stored is named with the way to keep it', async () => {
  const pages: Promise<string>[] = [];
  stage.breakWritesAfter(0);
  await expect(created({ pages })).rejects.toThrow(
    /The App slipway-acme \(App ID \d+\) was made, but its secrets could not be stored: User is not authorized.*Make a new key on/,
  );
  expect(await stored()).toBeUndefined();
  expect((await Promise.all(pages)).join()).toContain('That did not work');
});

test('a code that GitHub does not know ends the setup with nothing stored', async () => {
  const run = stage.run(
    {},
    {
      onLine: (line) => {
        const page = /press the button: (\S+)$/.exec(line)?.[1];
        if (page) void bringWrongCode(page);
      },
    },
  );
  await expect(run).rejects.toThrow(/did not hand out the keys.*Not Found.*Nothing was stored/);
  expect(await stored()).toBeUndefined();
});

const bringWrongCode = async (page: string) => {
  const [, state] = /state=([\w-]+)"/.exec(await (await fetch(page)).text()) ?? [];
  await fetch(`${new URL(page).origin}/created?code=invented&state=${state}`);
};

test('an App that somebody made by hand is taken by its id and key, and GitHub gets a webhook secret', async () => {
  const file = keyFile(privateKey);
  expect(await stage.run({ 'app-id': String(APP_ID), 'private-key': file })).toBe(0);
  expect(said()).toContain(`installation ${INSTALLATION}, 1 repository`);
  expect(said()).toContain(`delete ${file} now`);
  expect(await pushed()).toEqual([202]);
});

test('a webhook secret from the standard input is what GitHub signs with', async () => {
  const given = 'a-secret-of-the-administrator';
  const options = {
    'app-id': String(APP_ID),
    'private-key': keyFile(privateKey),
    'webhook-secret-stdin': true,
  } as const;
  await expect(stage.run(options, { stdin: 'short\n' })).rejects.toThrow(
    /at least 20 visible ASCII.*Nothing was stored/,
  );
  expect(await stored()).toBeUndefined();
  await stage.run(options, { stdin: `${given}\n` });
  expect(await webhookSecrets()).toEqual([given]);
  expect(await pushed()).toEqual([202]);
});

test('a key that GitHub does not take, or that is none, is refused before anything is stored', async () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const elliptic = generateKeyPairSync('ed25519').privateKey;
  const pem = (key: typeof other) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const adopted = (text: string) => stage.run({ 'app-id': String(APP_ID), 'private-key': keyFile(text) });
  await expect(adopted(pem(other))).rejects.toThrow(/GitHub does not take this key for the App 77.*Nothing was stored/);
  await expect(adopted(pem(elliptic))).rejects.toThrow(/of the kind ed25519/);
  await expect(adopted('-----BEGIN canary-----')).rejects.toThrow(/holds no private key that can be read/);
  await expect(stage.run({ 'app-id': '77', 'private-key': '/nonexistent.pem' })).rejects.toThrow(/it does not exist/);
  expect(await stored()).toBeUndefined();
  expect(said()).not.toContain('canary');
});

test('a rotation loses no push: the old secret is valid until it is dropped', async () => {
  await created();
  const [old = ''] = await webhookSecrets();
  expect(await pushed()).toEqual([202]);
  await stage.run({ 'rotate-webhook-secret': true });
  expect(await webhookSecrets()).toEqual([expect.not.stringMatching(old), old]);
  expect(await pushed()).toEqual([202]);
  await expect(stage.run({ 'drop-old-secret': true })).rejects.toThrow(/may be under way.*wait \d+ s/);
  await stage.cloud.clock.advance(60_000);
  await stage.run({ 'drop-old-secret': true });
  expect(await webhookSecrets()).toEqual([expect.not.stringMatching(old)]);
  await stage.cloud.clock.advance(5 * 60_000);
  expect(await pushed()).toEqual([202]);
  expect(await stage.world.ports.ping(stage.webhookUrl, old)).toBe(401);
});

test('a new key of the App takes the place of the old one, which its page may then forget', async () => {
  await created();
  await stage.run({ 'rotate-key': true });
  const keysPage = `${stage.github.apiUrl}/organizations/acme/settings/apps/slipway-acme`;
  expect(said()).toContain(`1. Open ${keysPage}, and under "Private keys"`);
  const before = await stored();
  const made = await (await fetch(`${keysPage}/keys`, { method: 'POST' })).text();
  expect(await stage.run({ 'rotate-key': true, 'private-key': keyFile(made) })).toBe(0);
  expect(await stored()).toMatchObject({
    appId: before?.appId,
    privateKey: expect.not.stringContaining(before?.privateKey ?? ''),
  });
  await fetch(`${keysPage}/keys/delete-old`, { method: 'POST' });
  expect(await stage.run()).toBe(0);
  expect(await stage.world.ports.gitHubSettings.describe(before ?? { appId: 0, privateKey: '' })).toMatchObject({
    kind: 'refused',
  });
});

test('a key that is stored already, or that GitHub does not know, replaces nothing', async () => {
  await created();
  const before = await stored();
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' });
  const rotated = (text: string) => stage.run({ 'rotate-key': true, 'private-key': keyFile(text) });
  await expect(rotated(other.toString())).rejects.toThrow(/GitHub does not take this key/);
  await expect(rotated(before?.privateKey ?? '')).rejects.toThrow(/stored already/);
  expect(await stored()).toEqual(before);
});

test('deliveries that go elsewhere are a fault, and a rotation brings them back', async () => {
  await created();
  const app = await stored();
  await stage.world.ports.gitHubSettings.setHook(app ?? { appId: 0, privateKey: '' }, {
    url: 'https://elsewhere.example/webhook',
    secret: 'another',
  });
  expect(await stage.run()).toBe(1);
  expect(said()).toContain(
    `GitHub sends deliveries to https://elsewhere.example/webhook, and this Slipway listens at ${stage.webhookUrl}. Run slipway setup github --rotate-webhook-secret`,
  );
  await stage.run({ 'rotate-webhook-secret': true });
  expect(await stage.run()).toBe(0);
  expect(await pushed()).toEqual([202]);
});

test('an App that may too little is named with what it lacks and where to grant it', async () => {
  const permissions = { metadata: 'read', contents: 'read', deployments: 'read' };
  stage = await setupStage(cleanups, {
    app: { id: APP_ID, installationId: INSTALLATION, privateKeyPem: privateKey, permissions },
  });
  expect(await stage.run({ 'app-id': String(APP_ID), 'private-key': keyFile(privateKey) })).toBe(1);
  expect(said()).toContain(
    `The App lacks checks: write, deployments: write. Grant it on ${stage.github.apiUrl}/settings/apps/slipway/permissions`,
  );
});

test('an App that is gone, or whose key is, is not replaced unless somebody says so', async () => {
  const gone = { appId: 4711, privateKey };
  await stage.world.ports.gitHubSecrets.writeApp(gone);
  await expect(stage.run()).rejects.toThrow(/GitHub does not take the key of the App 4711.*--rotate-key.*--replace/);
  expect(await stored()).toEqual(gone);
  expect(await stage.run({ replace: true }, { onLine: acting() })).toBe(0);
  expect((await stored())?.appId).not.toBe(4711);
});

test('before the setup, functions and commands say what to run', async () => {
  const repository = { id: '501', owner: 'acme', name: 'shop', installationId: '1' };
  for (const asked of [
    stage.functionPorts.source.head(repository, 'refs/heads/main'),
    stage.functionPorts.hookDeliveries.list(new Date()),
  ])
    await expect(asked).rejects.toMatchObject({
      name: 'GitHubAppMissing',
      reason: { remedy: 'Run slipway setup github, then push again' },
    });
  for (const deed of ['rotate-webhook-secret', 'drop-old-secret', 'rotate-key'])
    await expect(stage.run({ [deed]: true })).rejects.toThrow(
      new Complaint('No GitHub App is stored. Run slipway setup github.'),
    );
});

test('nothing that is secret is said, logged or written by the whole of it', async () => {
  const heard: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) => [stream, stream.write] as const);
  for (const [stream] of streams)
    stream.write = (text: string | Uint8Array) => {
      heard.push(String(text));
      return true;
    };
  const pages: Promise<string>[] = [];
  try {
    await created({ pages });
    await stage.run({ 'rotate-webhook-secret': true });
    await stage.cloud.clock.advance(60_000);
    await stage.run({ 'drop-old-secret': true });
    await stage.run({ 'rotate-key': true });
    await pushed();
    await stage.run();
  } finally {
    for (const [stream, write] of streams) stream.write = write;
  }
  const [key = '', ...others] = [...stage.secretsKept].sort((one, other) => other.length - one.length);
  const lines = key.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----'));
  expect(lines.length).toBeGreaterThan(10);
  expect(others.length).toBeGreaterThan(1);
  const everything = [...heard, ...stage.said, ...stage.cloud.lines, ...(await Promise.all(pages))].join('\n');
  expect(everything).toContain('slipway-acme');
  expect([...lines, ...others].flatMap(spellings).filter((secret) => everything.includes(secret))).toEqual([]);
});
