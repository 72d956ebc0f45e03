import type { App } from './apps.ts';
import type { Deliveries, Delivery } from './deliveries.ts';
import { notFound } from './github-error.ts';
import { type AppCall, asApp, ok, type Route } from './route.ts';

/** An App's look at what was sent to its webhook (https://docs.github.com/en/rest/apps/webhooks). */
export const deliveryRoutes = (deliveries: Deliveries): readonly Route[] => [
  asApp('GET', '/app/hook/deliveries', async (call) => deliveryPage(call, deliveries)),
  asApp('GET', '/app/hook/deliveries/{id}', async ({ app, params }) => {
    const delivery = deliveries.find(params['id'] ?? '');
    if (delivery?.appId !== app.id) throw notFound();
    return ok(deliveryDetails(delivery, app));
  }),
  asApp('POST', '/app/hook/deliveries/{id}/attempts', async ({ app, params }) => {
    if (deliveries.find(params['id'] ?? '')?.appId !== app.id) throw notFound();
    await deliveries.redeliver(Number(params['id']));
    return { status: 202, json: {} };
  }),
];

/** Newest first; the cursor names the last one seen. */
const deliveryPage = ({ app, query, api, path }: AppCall, deliveries: Deliveries) => {
  const size = Math.min(Number(query.get('per_page') ?? 30) || 30, 100);
  const cursor = /^v1_(\d+)$/.exec(query.get('cursor') ?? '')?.[1];
  const rest = deliveries
    .list()
    .filter(({ id, appId }) => appId === app.id && (cursor === undefined || id < Number(cursor)));
  const page = rest.slice(0, size);
  const search = new URLSearchParams(query);
  search.set('cursor', `v1_${page.at(-1)?.id}`);
  const more = rest.length > page.length ? { link: `<${api}${path}?${search}>; rel="next"` } : undefined;
  return ok(
    page.map((delivery) => deliverySummary(delivery, app)),
    more,
  );
};

const deliverySummary = ({ id, guid, event, redelivery, deliveredAt, repositoryId, result }: Delivery, app: App) => ({
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

const deliveryDetails = (delivery: Delivery, app: App) => ({
  ...deliverySummary(delivery, app),
  url: delivery.url,
  request: { headers: delivery.requestHeaders, payload: JSON.parse(delivery.payload) },
  response: { headers: delivery.result?.responseHeaders ?? null, payload: delivery.result?.responsePayload ?? null },
});
