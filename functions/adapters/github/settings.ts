import { createAppAuth } from '@octokit/auth-app';
import type { AppDescription, GitHubApp } from '../../domain/git-hub-app.ts';
import type { GitHubSettings } from '../../ports.ts';
import { gitHubHookDeliveries } from './hook-deliveries.ts';
import { gitHubApp, plainOctokit, statusOf } from './installation.ts';

/** An owner's view of the App: what GitHub knows of it, and its webhook. https://docs.github.com/en/rest/apps */
export const gitHubSettings = (baseUrl: string | undefined): GitHubSettings => {
  const as = (app: GitHubApp) => gitHubApp(async () => app, baseUrl);
  const web = webUrlOf(baseUrl);
  return {
    webUrl: web,
    convert: async (code) => {
      const { data } = await plainOctokit(baseUrl).request('POST /app-manifests/{code}/conversions', { code });
      return {
        app: { appId: data.id, privateKey: data.pem },
        description: descriptionFrom(data, web),
        webhookSecret: data.webhook_secret ?? undefined,
      };
    },
    describe: async (app) => {
      try {
        const { data } = await as(app)((client) => client.request('GET /app'));
        if (!data) throw new Error('GitHub described no App');
        return { kind: 'known', description: descriptionFrom(data, web) };
      } catch (error) {
        const refused = [error, error instanceof Error ? error.cause : undefined].find(isRefusal);
        if (refused === undefined) throw error;
        return { kind: 'refused', message: refused instanceof Error ? refused.message : String(refused) };
      }
    },
    installations: (app) =>
      as(app)(async (client) => {
        const { data } = await client.request('GET /app/installations', { per_page: 100 });
        return data.map(({ id, account, suspended_at }) => ({
          id,
          account: nameOf(account),
          suspended: suspended_at !== null,
        }));
      }),
    repositories: async ({ appId, privateKey }, installationId) => {
      const auth = { appId, privateKey, installationId };
      const client = plainOctokit(baseUrl, { authStrategy: createAppAuth, auth });
      const { data } = await client.request('GET /installation/repositories', { per_page: 100 });
      return {
        total: data.total_count,
        first: data.repositories.map(({ id, name, owner }) => ({ id: Number(id), name, owner: owner.login })),
      };
    },
    findHookUrl: (app) => as(app)(async (client) => (await client.request('GET /app/hook/config')).data.url),
    setHook: (app, { url, secret }) =>
      as(app)(async (client) => {
        // A parameter of the name `url` would be taken for the address of the request itself.
        const data = { url, secret, content_type: 'json', insecure_ssl: '0' };
        await client.request({ method: 'PATCH', url: '/app/hook/config', data });
      }),
    lastDelivery: async (app, since) => {
      const { deliveries } = await gitHubHookDeliveries(as(app)).list(since);
      return deliveries.find(({ pending }) => !pending);
    },
  };
};

/** Of the API's address: GitHub's own, `https://api.{name}.ghe.com`, or `https://{host}/api/v3`. */
const webUrlOf = (baseUrl = 'https://api.github.com'): string =>
  baseUrl.replace(/\/api\/v3\/?$/, '').replace(/^(https:\/\/)api\./, '$1');

/** GitHub knows the App no more (404), or not by this key (401). */
const isRefusal = (error: unknown): boolean => statusOf(error) === 401 || statusOf(error) === 404;

interface AppJson {
  readonly id: number;
  readonly slug?: string;
  readonly name: string;
  readonly html_url: string;
  readonly owner: { readonly login?: string; readonly slug?: string; readonly type?: string } | null;
  readonly permissions: object;
  readonly events: readonly string[];
}

const descriptionFrom = (app: AppJson, web: string): AppDescription => {
  const slug = app.slug ?? '';
  const owner = nameOf(app.owner);
  const place = app.owner?.type === 'Organization' ? `${web}/organizations/${owner}` : web;
  return {
    id: app.id,
    slug,
    name: app.name,
    owner,
    url: app.html_url,
    settingsUrl: `${place}/settings/apps/${slug}`,
    permissions: Object.fromEntries(Object.entries(app.permissions).map(([name, level]) => [name, String(level)])),
    events: app.events,
  };
};

const nameOf = (account: { readonly login?: string; readonly slug?: string } | null): string =>
  account?.login ?? account?.slug ?? '';
