import { createHmac, randomUUID } from 'node:crypto';
import type { World } from '../part.ts';
import type { App, Apps } from './apps.ts';
import type { FaultyDeliveries } from './delivery-faults.ts';

export interface Webhook {
  readonly url: string;
  readonly secret: string;
}

/** One sending of an event; a redelivery is a row of its own with the same guid. */
export interface Delivery {
  readonly id: number;
  /** Whose webhook it goes to. */
  readonly appId: number;
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

type DeliveryFields = Pick<Delivery, 'appId' | 'guid' | 'event' | 'repositoryId' | 'redelivery' | 'payload'>;

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
export const deliveriesOf = (world: World, apps: Apps, faults: FaultyDeliveries) => {
  const rows = world.store.table<Delivery>('github.deliveries');
  const counters = world.store.table<number>('github.counters');
  const stopping = new AbortController();

  const record = (fields: DeliveryFields): number | undefined => {
    const app = apps.find(fields.appId);
    const hook = app && apps.hookOf(app);
    if (!hook) return;
    if (Buffer.byteLength(fields.payload) > LARGEST_PAYLOAD) {
      world.log(`GitHub drops the ${fields.event} event ${fields.guid}: it is larger than ${LARGEST_PAYLOAD} bytes`);
      return;
    }
    const id = (counters.get('delivery') ?? 12_345_678_900) + 1;
    counters.put('delivery', id);
    const requestHeaders = headersFrom(fields, hook.secret);
    rows.put(String(id), { ...fields, id, deliveredAt: world.clock.now(), url: hook.url, requestHeaders });
    rows.delete(String(id - KEPT));
    return id;
  };

  /** Whether the delivery is over, with whatever outcome; not so when this GitHub is stopped in between. */
  const send = async (id: number): Promise<boolean> => {
    const delivery = rows.get(String(id));
    if (!delivery || delivery.result) return true;
    const startedAt = performance.now();
    const failed = faults.statusOf(sendingOf(delivery));
    const answer = failed === undefined ? await post(delivery, stopping.signal) : answerOf(failed, '');
    if (stopping.signal.aborted) return false;
    const result = { ...answer, durationSeconds: (performance.now() - startedAt) / 1000 };
    rows.put(String(id), { ...delivery, result });
    world.log(
      `GitHub delivered ${delivery.event} ${delivery.guid} to ${delivery.url}: ${result.statusCode} ${result.status}`,
    );
    return true;
  };

  return {
    /** Gives the id under which `send` finds it; none when there is no webhook or the payload is too large. */
    record: (app: App, event: string, repositoryId: number | null, payload: object): number | undefined => {
      const fields = {
        appId: app.id,
        guid: randomUUID(),
        event,
        repositoryId,
        redelivery: false,
        payload: JSON.stringify(payload),
      };
      return faults.isLost(sendingOf(fields)) ? undefined : record(fields);
    },
    send,
    list: () =>
      rows
        .list()
        .map(({ value }) => value)
        .reverse(),
    find: (id: string) => rows.get(id),
    /** Sends an old event again, under its old guid. */
    redeliver: async (id: number): Promise<Delivery | undefined> => {
      const old = rows.get(String(id));
      if (!old) return;
      const { appId, guid, event, repositoryId, payload } = old;
      const again = record({ appId, guid, event, repositoryId, payload, redelivery: true });
      if (again === undefined) return;
      await send(again);
      return rows.get(String(again));
    },
    stop: () => stopping.abort(),
  };
};

export type Deliveries = ReturnType<typeof deliveriesOf>;

const headersFrom = (
  { appId, guid, event, payload }: Pick<Delivery, 'appId' | 'guid' | 'event' | 'payload'>,
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
    'X-GitHub-Hook-Installation-Target-ID': String(appId),
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
      ...answerOf(response.status, await response.text()),
      responseHeaders: Object.fromEntries(response.headers),
    };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return { ...answerOf(0, ''), ...(!timedOut && { status: 'failed to connect to host' }) };
  }
};

/** 0 when nobody answered in time. */
const answerOf = (statusCode: number, responsePayload: string): Omit<DeliveryResult, 'durationSeconds'> => {
  const isTaken = statusCode >= 200 && statusCode < 300;
  const failure = statusCode === 0 ? 'timed out' : `Invalid HTTP Response: ${statusCode}`;
  return { status: isTaken ? 'OK' : failure, statusCode, responseHeaders: {}, responsePayload };
};

const sendingOf = ({ event, payload }: Pick<Delivery, 'event' | 'payload'>) => {
  const { ref, after } = JSON.parse(payload);
  return { event, ref, after };
};
