import { createHmac, randomUUID } from 'node:crypto';
import type { World } from '../part.ts';
import type { AppSpec } from './app-auth.ts';

export interface Webhook {
  readonly url: string;
  readonly secret: string;
}

/** One sending of an event; a redelivery is a row of its own with the same guid. */
export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly repositoryId: number | null;
  readonly redelivery: boolean;
  readonly deliveredAt: number;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** The body, byte for byte. */
  readonly payload: string;
  /** Absent until the receiver answered or failed to. */
  readonly result?: DeliveryResult;
}

export interface DeliveryResult {
  readonly status: string;
  /** 0 when there was no answer. */
  readonly statusCode: number;
  readonly durationSeconds: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responsePayload: string;
}

// https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
const PATIENCE_MILLIS = 10_000;
const LARGEST_PAYLOAD = 25 * 1024 * 1024;
const KEPT = 500;
const HOOK_ID = '424242';

/** Signed deliveries: recorded before they are sent, and never sent a second time unless somebody asks. */
export const deliveriesOf = (world: World, app: AppSpec, webhook: () => Webhook | undefined) => {
  const rows = world.store.table<Delivery>('github.deliveries');
  const counters = world.store.table<number>('github.counters');
  const stopping = new AbortController();

  const record = (
    fields: Pick<Delivery, 'guid' | 'event' | 'repositoryId' | 'redelivery' | 'payload'>,
  ): Delivery | undefined => {
    const hook = webhook();
    // GitHub drops events that are too large without a word.
    if (!hook || Buffer.byteLength(fields.payload) > LARGEST_PAYLOAD) return;
    const id = (counters.get('delivery') ?? 12_345_678_900) + 1;
    counters.put('delivery', id);
    const requestHeaders = headersFrom(fields, app, hook.secret);
    const delivery = { ...fields, id, deliveredAt: world.clock.now(), url: hook.url, requestHeaders };
    rows.put(String(id), delivery);
    rows.delete(String(id - KEPT));
    return delivery;
  };

  const send = async (delivery: Delivery): Promise<void> => {
    const startedAt = performance.now();
    const answer = await post(delivery, stopping.signal);
    // Stopped in between: it counts as not sent yet, and goes out at the next start.
    if (stopping.signal.aborted) return;
    const result = { ...answer, durationSeconds: (performance.now() - startedAt) / 1000 };
    rows.put(String(delivery.id), { ...delivery, result });
    world.log(
      `GitHub delivered ${delivery.event} ${delivery.guid} to ${delivery.url}: ${result.statusCode} ${result.status}`,
    );
  };

  return {
    record: (event: string, repositoryId: number | null, payload: object) =>
      record({ guid: randomUUID(), event, repositoryId, redelivery: false, payload: JSON.stringify(payload) }),
    send,
    /** Recorded, but nobody knows whether it arrived: a kill came in between. */
    open: () => rows.list().flatMap(({ value }) => (value.result ? [] : [value])),
    list: () =>
      rows
        .list()
        .map(({ value }) => value)
        .reverse(),
    find: (id: string) => rows.get(id),
    /** Sends an old event again, under its old guid. */
    redeliver: async (id: number): Promise<Delivery | undefined> => {
      const old = rows.get(String(id));
      const again = old && record({ ...old, redelivery: true });
      if (again) await send(again);
      return again && rows.get(String(again.id));
    },
    stop: () => stopping.abort(),
  };
};

export type Deliveries = ReturnType<typeof deliveriesOf>;

const headersFrom = (
  { guid, event, payload }: Pick<Delivery, 'guid' | 'event' | 'payload'>,
  app: AppSpec,
  secret: string,
) => {
  const sign = (algorithm: string) => createHmac(algorithm, secret).update(payload).digest('hex');
  return {
    Accept: '*/*',
    'Content-Type': 'application/json',
    'User-Agent': 'GitHub-Hookshot/51a1b2c',
    'X-GitHub-Delivery': guid,
    'X-GitHub-Event': event,
    'X-GitHub-Hook-ID': HOOK_ID,
    'X-GitHub-Hook-Installation-Target-ID': String(app.id),
    'X-GitHub-Hook-Installation-Target-Type': 'integration',
    'X-Hub-Signature': `sha1=${sign('sha1')}`,
    'X-Hub-Signature-256': `sha256=${sign('sha256')}`,
  };
};

const post = async (
  { url, requestHeaders, payload }: Delivery,
  stop: AbortSignal,
): Promise<Omit<DeliveryResult, 'durationSeconds'>> => {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MILLIS)]);
    const response = await fetch(url, {
      method: 'POST',
      headers: requestHeaders,
      body: payload,
      signal,
      redirect: 'manual',
    });
    return {
      status: response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`,
      statusCode: response.status,
      responseHeaders: Object.fromEntries(response.headers),
      responsePayload: await response.text(),
    };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    const status = timedOut ? 'timed out' : 'failed to connect to host';
    return { status, statusCode: 0, responseHeaders: {}, responsePayload: '' };
  }
};
