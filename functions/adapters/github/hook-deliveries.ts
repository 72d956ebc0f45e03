import type { HookDelivery } from '../../domain/failed-delivery.ts';
import type { HookDeliveries } from '../../ports.ts';
import { type AsApp, orUndefined } from './installation.ts';

/** Of a hundred each. More in five minutes are not looked at: the heads of the branches tell of their pushes. */
const MOST_PAGES = 10;

/** The App's webhook as GitHub sees it: https://docs.github.com/en/rest/apps/webhooks */
export const gitHubHookDeliveries = (asApp: AsApp): HookDeliveries => ({
  list: (since) =>
    asApp(async (client) => {
      const deliveries: HookDelivery[] = [];
      let cursor: string | undefined;
      for (let page = 1; page <= MOST_PAGES; page++) {
        const { data, headers } = await client.request('GET /app/hook/deliveries', {
          per_page: 100,
          ...(cursor && { cursor }),
        });
        const rows = data.map(deliveryFrom);
        const fresh = rows.filter(({ deliveredAt }) => Date.parse(deliveredAt) >= since.getTime());
        deliveries.push(...fresh);
        cursor = nextCursor(headers.link);
        if (fresh.length < rows.length || cursor === undefined) return { deliveries, complete: true };
      }
      return { deliveries, complete: false };
    }),
  findRef: (id) =>
    asApp(async (client) => {
      const answer = await orUndefined(client.request('GET /app/hook/deliveries/{delivery_id}', numbered(id)));
      const ref = answer?.data.request.payload?.['ref'];
      return typeof ref === 'string' ? ref : undefined;
    }),
  redeliver: (id) =>
    asApp(async (client) => {
      const asked = client.request('POST /app/hook/deliveries/{delivery_id}/attempts', numbered(id));
      return (await orUndefined(asked)) !== undefined;
    }),
});

/** The path takes text as well, and an id may have more digits than a number keeps. */
const numbered = (id: string) => ({ delivery_id: id as unknown as number });

type Row = {
  readonly id: number | bigint;
  readonly guid: string;
  readonly event: string;
  readonly repository_id: number | bigint | null;
  readonly delivered_at: string;
  readonly redelivery: boolean;
  readonly status: string;
  readonly status_code: number;
};

const deliveryFrom = (row: Row): HookDelivery => ({
  id: String(row.id),
  guid: row.guid,
  event: row.event,
  repositoryId: String(row.repository_id ?? ''),
  deliveredAt: row.delivered_at,
  redelivery: row.redelivery,
  statusCode: row.status_code,
  pending: row.status === 'pending',
});

/** Of `<https://api.github.com/app/hook/deliveries?cursor=v1_123>; rel="next"`. */
const nextCursor = (link = ''): string | undefined => {
  const [, url] = /<([^>]+)>;\s*rel="next"/.exec(link) ?? [];
  return url === undefined ? undefined : (new URL(url).searchParams.get('cursor') ?? undefined);
};
