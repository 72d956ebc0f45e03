import { APP_PERMISSIONS, type AppAuth, type AppSpec } from './app-auth.ts';
import type { Deliveries, Delivery } from './deliveries.ts';
import { GitHubError, notFound } from './github-error.ts';
import { ownerJson, type Repository, repositoryJson } from './repository.ts';
import { asApp, created, ok, paged, type RestCall, type Route } from './route.ts';

export interface AppWorld {
  readonly app: AppSpec;
  readonly auth: AppAuth;
  readonly deliveries: Deliveries;
  readonly repositories: readonly Repository[];
}

/** What the App asks under its own name (https://docs.github.com/en/rest/apps). */
export const appRoutes = ({ app, auth, deliveries, repositories }: AppWorld): readonly Route[] => {
  const owner = repositories[0]?.owner ?? 'local';
  const installation = (api: string) => ({
    id: app.installationId,
    account: ownerJson(owner, api),
    repository_selection: 'all',
    access_tokens_url: `${api}/app/installations/${app.installationId}/access_tokens`,
    repositories_url: `${api}/installation/repositories`,
    html_url: `${api}/settings/installations/${app.installationId}`,
    app_id: app.id,
    app_slug: 'slipway',
    target_id: ownerJson(owner, api).id,
    target_type: 'User',
    permissions: APP_PERMISSIONS,
    events: ['push'],
    suspended_at: null,
  });
  const checkInstallation = ({ params }: RestCall) => {
    if (params['id'] !== String(app.installationId)) throw notFound();
  };

  return [
    asApp('GET', '/app', async ({ api }) =>
      ok({
        id: app.id,
        slug: 'slipway',
        name: 'Slipway',
        owner: ownerJson(owner, api),
        permissions: APP_PERMISSIONS,
        events: ['push'],
      }),
    ),
    asApp('GET', '/app/installations', async ({ api }) => ok([installation(api)])),
    asApp('GET', '/app/installations/{id}', async (call) => {
      checkInstallation(call);
      return ok(installation(call.api));
    }),
    asApp('POST', '/app/installations/{id}/access_tokens', async (call) => {
      checkInstallation(call);
      const limited = limitedTo(call, repositories);
      const token = auth.makeToken({
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
    asApp('GET', '/repos/{owner}/{repo}/installation', async ({ api, params }) => {
      if (!repositories.some(({ owner, name }) => owner === params['owner'] && name === params['repo']))
        throw notFound();
      return ok(installation(api));
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
    asApp('GET', '/app/hook/deliveries', async (call) => deliveryPage(call, deliveries, app)),
    asApp('GET', '/app/hook/deliveries/{id}', async ({ params }) => {
      const delivery = deliveries.find(params['id'] ?? '');
      if (!delivery) throw notFound();
      return ok(deliveryDetails(delivery, app));
    }),
    asApp('POST', '/app/hook/deliveries/{id}/attempts', async ({ params }) => {
      if (!(await deliveries.redeliver(Number(params['id'])))) throw notFound();
      return { status: 202, json: {} };
    }),
  ];
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

/** Newest first; the cursor names the last one seen. */
const deliveryPage = ({ query, api, path }: RestCall, deliveries: Deliveries, app: AppSpec) => {
  const size = Math.min(Number(query.get('per_page') ?? 30) || 30, 100);
  const cursor = /^v1_(\d+)$/.exec(query.get('cursor') ?? '')?.[1];
  const rest = deliveries.list().filter(({ id }) => cursor === undefined || id < Number(cursor));
  const page = rest.slice(0, size);
  const search = new URLSearchParams(query);
  search.set('cursor', `v1_${page.at(-1)?.id}`);
  const more = rest.length > page.length ? { link: `<${api}${path}?${search}>; rel="next"` } : undefined;
  return ok(
    page.map((delivery) => deliverySummary(delivery, app)),
    more,
  );
};

const deliverySummary = (
  { id, guid, event, redelivery, deliveredAt, repositoryId, result }: Delivery,
  app: AppSpec,
) => ({
  id,
  guid,
  delivered_at: new Date(deliveredAt).toISOString(),
  redelivery,
  duration: result?.durationSeconds ?? 0,
  status: result?.status ?? 'pending',
  status_code: result?.statusCode ?? 0,
  event,
  action: null,
  installation_id: app.installationId,
  repository_id: repositoryId,
  throttled_at: null,
});

const deliveryDetails = (delivery: Delivery, app: AppSpec) => ({
  ...deliverySummary(delivery, app),
  url: delivery.url,
  request: { headers: delivery.requestHeaders, payload: JSON.parse(delivery.payload) },
  response: { headers: delivery.result?.responseHeaders ?? null, payload: delivery.result?.responsePayload ?? null },
});
