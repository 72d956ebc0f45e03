import type { AppAuth } from './app-auth.ts';
import type { App, Apps } from './apps.ts';
import { GitHubError, notFound } from './github-error.ts';
import { ownerJson, type Repository, repositoryJson } from './repository.ts';
import { type AppCall, asApp, created, ok, paged, type RestCall, type Route } from './route.ts';

export interface AppWorld {
  readonly apps: Apps;
  readonly auth: AppAuth;
  readonly repositories: readonly Repository[];
}

/** What an App asks under its own name (https://docs.github.com/en/rest/apps). */
export const appRoutes = ({ apps, auth, repositories }: AppWorld): readonly Route[] => {
  const owner = repositories[0]?.owner ?? 'local';
  const installation = (app: App, api: string) => ({
    id: app.installationId,
    account: ownerJson(owner, api),
    repository_selection: 'all',
    access_tokens_url: `${api}/app/installations/${app.installationId}/access_tokens`,
    repositories_url: `${api}/installation/repositories`,
    html_url: `${api}/settings/installations/${app.installationId}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: ownerJson(owner, api).id,
    target_type: 'User',
    permissions: app.permissions,
    events: app.events,
    suspended_at: null,
  });
  const checkInstallation = ({ app, params }: AppCall) => {
    if (app.installationId === undefined || params['id'] !== String(app.installationId)) throw notFound();
  };

  return [
    asApp('GET', '/app', async ({ app, api }) => ok(appJson(app, api))),
    {
      auth: 'none',
      method: 'POST',
      pattern: '/app-manifests/{code}/conversions',
      run: async ({ params, api }) => {
        const { app, privateKeyPem, webhookSecret, clientSecret } = apps.convert(params['code'] ?? '');
        return created({
          ...appJson(app, api),
          client_id: `Iv23li${app.id}`,
          client_secret: clientSecret,
          webhook_secret: apps.hookOf(app) ? webhookSecret : null,
          pem: privateKeyPem,
        });
      },
    },
    asApp('GET', '/app/hook/config', async ({ app }) => ok(hookJson(apps, app))),
    asApp('PATCH', '/app/hook/config', async ({ app, body }) => {
      const { url, secret } = body;
      if (url !== undefined && !/^https?:/.test(String(url))) throw new GitHubError(422, 'Url must be a valid URL');
      apps.setHook(app, { ...(url !== undefined && { url }), ...(secret !== undefined && { secret }) });
      return ok(hookJson(apps, app));
    }),
    asApp('GET', '/app/installations', async (call) => {
      const { app, api } = call;
      const { items, headers } = paged(app.installationId === undefined ? [] : [installation(app, api)], call);
      return ok(items, headers);
    }),
    asApp('GET', '/app/installations/{id}', async (call) => {
      checkInstallation(call);
      return ok(installation(call.app, call.api));
    }),
    asApp('POST', '/app/installations/{id}/access_tokens', async (call) => {
      checkInstallation(call);
      const limited = limitedTo(call, repositories);
      const token = auth.makeToken(call.app, {
        ...(limited && { repositories: limited.map(({ owner, name }) => `${owner}/${name}`) }),
        ...(call.body.permissions && { permissions: call.body.permissions }),
      });
      return created({
        token: token.token,
        expires_at: `${new Date(token.expiresAt).toISOString().slice(0, 19)}Z`,
        permissions: token.permissions,
        repository_selection: limited ? 'selected' : 'all',
        ...(limited && { repositories: limited.map(repositoryJson) }),
      });
    }),
    asApp('GET', '/repos/{owner}/{repo}/installation', async ({ app, api, params }) => {
      if (
        app.installationId === undefined ||
        !repositories.some(({ owner, name }) => owner === params['owner'] && name === params['repo'])
      )
        throw notFound();
      return ok(installation(app, api));
    }),
    {
      auth: 'installation',
      method: 'GET',
      pattern: '/installation/repositories',
      run: async (call) => {
        const { items, headers } = paged(repositories, call);
        return ok({ total_count: repositories.length, repositories: items.map(repositoryJson) }, headers);
      },
    },
  ];
};

const appJson = (app: App, api: string) => ({
  id: app.id,
  slug: app.slug,
  name: app.name,
  owner: { ...ownerJson(app.owner, api), type: app.isOfOrganization ? 'Organization' : 'User' },
  html_url: `${api}/apps/${app.slug}`,
  permissions: app.permissions,
  events: app.events,
});

/** GitHub never shows a secret again, only that there is one. */
const hookJson = (apps: Apps, app: App) => {
  const hook = apps.hookOf(app);
  return { content_type: 'json', insecure_ssl: '0', url: hook?.url, ...(hook?.secret && { secret: '********' }) };
};

const limitedTo = ({ body }: RestCall, repositories: readonly Repository[]): readonly Repository[] | undefined => {
  const names: readonly string[] | undefined = body.repositories;
  const ids: readonly number[] | undefined = body.repository_ids;
  if (!names && !ids) return;
  const wanted = [...(names ?? []), ...(ids ?? [])];
  const found = repositories.filter(({ name, id }) => wanted.includes(name) || wanted.includes(id));
  if (found.length < wanted.length)
    throw new GitHubError(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  return found;
};
