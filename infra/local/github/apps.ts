import { createPublicKey } from 'node:crypto';
import type { World } from '../part.ts';
import type { AppManifest } from './app-manifest.ts';
import type { Webhook } from './deliveries.ts';
import { generatedKey } from './generated-key.ts';
import { notFound } from './github-error.ts';

/** The App that is there from the beginning: what the embedded GitHub is told of it. */
export interface AppSpec {
  readonly id: number;
  readonly installationId: number;
  /** The key whose private half signs the App's tokens; either half may be given. */
  readonly privateKeyPem?: string;
  readonly publicKeyPem?: string;
  /** What it was granted when it was installed. */
  readonly permissions?: Readonly<Record<string, string>>;
}

/** A GitHub App as its tokens and deliveries see it. */
export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  /** The account that it belongs to. */
  readonly owner: string;
  readonly isOfOrganization: boolean;
  /** Any of them signs for it. */
  readonly publicKeyPems: readonly string[];
  /** Absent until somebody installs it. */
  readonly installationId?: number;
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

/** What GitHub hands out once, when a manifest's code is converted. */
export interface Conversion {
  readonly app: App;
  readonly privateKeyPem: string;
  readonly webhookSecret: string;
  readonly clientSecret: string;
}

const APP_PERMISSIONS: Readonly<Record<string, string>> = {
  metadata: 'read',
  contents: 'read',
  checks: 'write',
  deployments: 'write',
  statuses: 'write',
};

/** A code may be converted for an hour: https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
const CODE_MILLIS = 60 * 60 * 1000;

interface Pending extends Conversion {
  readonly until: number;
}

/** All Apps: the one that was declared, and those that manifests made. Each has a webhook of its own. */
export const appsOf = (world: World, spec: AppSpec, owner: string, webhook: () => Webhook | undefined) => {
  const made = world.store.table<App>('github.apps');
  const pending = world.store.table<Pending>('github.manifests');
  const hooks = world.store.table<Partial<Webhook>>('github.hooks');
  const counters = world.store.table<number>('github.counters');
  const declared: App = {
    id: spec.id,
    slug: 'slipway',
    name: 'Slipway',
    owner,
    isOfOrganization: false,
    publicKeyPems: [publicHalfOf(spec)],
    installationId: spec.installationId,
    permissions: spec.permissions ?? APP_PERMISSIONS,
    events: ['push'],
  };

  const next = (what: string, first: number): number => {
    const number = (counters.get(what) ?? first) + 1;
    counters.put(what, number);
    return number;
  };
  const list = (): readonly App[] => [declared, ...made.list().map(({ value }) => value)];
  const find = (id: number) => list().find((app) => app.id === id);
  const getMade = (slug: string): App => {
    const app = made.list().find(({ value }) => value.slug === slug)?.value;
    if (!app) throw notFound();
    return app;
  };
  const hookOf = ({ id }: App): Webhook | undefined => {
    const { url, secret } = { ...(id === declared.id && webhook()), ...hooks.get(String(id)) };
    return url === undefined ? undefined : { url, secret: secret ?? '' };
  };

  return {
    list,
    find,
    hookOf,
    /** Keeps what differs from the webhook that was declared, whose address moves with every start. */
    setHook: (app: App, changed: Partial<Webhook>): void => {
      const { url, secret } = changed;
      const isDeclared = app.id === declared.id && url === webhook()?.url;
      const kept = { ...(url !== undefined && !isDeclared && { url }), ...(secret !== undefined && { secret }) };
      hooks.put(String(app.id), { ...hooks.get(String(app.id)), ...kept });
    },
    /** The App of a manifest, under a code that gives its keys once. */
    create: (code: string, manifest: AppManifest, organization: string | undefined, secrets: AppSecrets): void => {
      const key = generatedKey();
      const id = next('app', 900_000);
      const app: App = {
        id,
        slug: slugOf(manifest.name),
        name: manifest.name,
        owner: organization ?? owner,
        isOfOrganization: organization !== undefined,
        publicKeyPems: [key.publicKeyPem],
        permissions: { ...manifest.permissions, metadata: 'read' },
        events: manifest.events,
      };
      made.put(String(id), app);
      if (manifest.hookUrl) hooks.put(String(id), { url: manifest.hookUrl, secret: secrets.webhookSecret });
      const until = world.clock.now() + CODE_MILLIS;
      pending.put(code, { app, privateKeyPem: key.privateKeyPem, ...secrets, until });
    },
    /** @throws GitHubError 404 for a code that was used, is too old or was never given */
    convert: (code: string): Conversion => {
      const found = pending.get(code);
      pending.delete(code);
      if (!found || found.until <= world.clock.now()) throw notFound();
      return found;
    },
    /** Gives a made App one more key; the private half is told this once. */
    addKey: (slug: string): string => {
      const app = getMade(slug);
      const key = generatedKey();
      made.put(String(app.id), { ...app, publicKeyPems: [...app.publicKeyPems, key.publicKeyPem] });
      return key.privateKeyPem;
    },
    /** Leaves a made App its newest key. */
    dropOldKeys: (slug: string): void => {
      const app = getMade(slug);
      made.put(String(app.id), { ...app, publicKeyPems: app.publicKeyPems.slice(-1) });
    },
    /** Installs a made App on every repository. */
    install: (slug: string): App => {
      const app = getMade(slug);
      const installed = { ...app, installationId: app.installationId ?? next('installation', 700_000) };
      made.put(String(app.id), installed);
      return installed;
    },
  };
};

const publicHalfOf = ({ publicKeyPem, privateKeyPem = '' }: AppSpec): string =>
  createPublicKey(publicKeyPem ?? privateKeyPem)
    .export({ type: 'spki', format: 'pem' })
    .toString();

export type Apps = ReturnType<typeof appsOf>;

export type AppSecrets = Pick<Conversion, 'webhookSecret' | 'clientSecret'>;

export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
