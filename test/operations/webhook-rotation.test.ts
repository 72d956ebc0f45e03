import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rememberedSecrets } from '../../functions/adapters/aws/remembered-secrets.ts';
import { isSigned } from '../../functions/adapters/aws/webhook-calls.ts';
import {
  changeWebhookSecret,
  dropOldWebhookSecret,
  type WebhookSecretPorts,
} from '../../functions/operations/change-webhook-secret.ts';
import { receiveWebhook } from '../../functions/operations/receive-webhook.ts';

const INSTANCES = 3;
const app = { appId: 12, privateKey: 'key' };
const url = 'https://a.example/webhook';

interface Arrival {
  /** Milliseconds after the one before. */
  readonly gap: number;
  readonly instance: number;
  readonly forged: boolean;
}

/** Instances of the webhook that remember on their own, while GitHub and forgers send, and an operator rotates. */
const traffic = (arrivals: readonly Arrival[]) => {
  const world = { now: 0, stored: ['first'] as readonly string[], storedAt: 0, signsWith: 'first', made: 0 };
  const instances = Array.from({ length: INSTANCES }, () =>
    rememberedSecrets(
      async () => world.stored,
      () => world.now,
    ),
  );
  const statuses: { readonly forged: boolean; readonly status: number; readonly at: number }[] = [];
  const send = async (instance: number, secret: string) => {
    const body = '{"zen":1}';
    const memory = instances[instance];
    if (!memory) throw new Error(`There is no instance ${instance}`);
    const headers = {
      'x-github-delivery': '00000000-0000-4000-8000-000000000000',
      'x-github-event': 'ping',
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    };
    const ports = { ...memory, isSigned, start: async () => true, now: () => world.now, complain: () => {} };
    return (await receiveWebhook(ports, { headers, body, isBase64Encoded: false })).statusCode;
  };
  const waiting = [...arrivals];
  /** Lets time pass, with everything that arrives meanwhile. */
  const pass = async (millis: number) => {
    const until = world.now + millis;
    for (let next = waiting[0]; next && world.now + next.gap <= until; next = waiting[0]) {
      waiting.shift();
      world.now += next.gap;
      const status = await send(next.instance, next.forged ? 'forged' : world.signsWith);
      statuses.push({ forged: next.forged, status, at: world.now });
    }
    world.now = until;
  };
  const ports: WebhookSecretPorts = {
    gitHubSecrets: {
      findWebhookSecrets: async () => {
        const [newest = '', ...older] = world.stored;
        return { secrets: [newest, ...older], storedAt: new Date(world.storedAt).toISOString() };
      },
      writeWebhookSecrets: async (secrets) => {
        Object.assign(world, { stored: secrets, storedAt: world.now });
      },
    },
    gitHubSettings: {
      setHook: async (_app, { secret }) => {
        world.signsWith = secret;
      },
      lastDelivery: async () => undefined,
    },
    password: () => `made-${++world.made}`,
    clock: { now: () => new Date(world.now), sleep: pass },
    ping: (_url, secret) => send(world.now % INSTANCES, secret),
  };
  return { world, statuses, pass, ports };
};

const arrival = fc.record({
  gap: fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 900 }) }, fc.nat({ max: 9_000 })),
  instance: fc.nat({ max: INSTANCES - 1 }),
  forged: fc.boolean(),
});
const deed = fc.record({
  what: fc.constantFrom('rotate', 'drop'),
  later: fc.oneof(fc.nat({ max: 9_000 }), fc.nat({ max: 400_000 })),
});

test('while secrets are rotated and dropped, no instance refuses what GitHub signs or takes what it did not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(arrival, { minLength: 40, maxLength: 90 }),
      fc.array(deed, { minLength: 2, maxLength: 8 }),
      async (arrivals, deeds) => {
        const { world, statuses, pass, ports } = traffic(arrivals);
        await pass(deeds[0]?.later ?? 0);
        for (const { what, later } of deeds) {
          if (what === 'drop') await dropOldWebhookSecret(ports, { app, url });
          else
            expect(await changeWebhookSecret(ports, { app, url, wish: { kind: 'new' } })).toMatchObject({
              kind: 'changed',
            });
          await pass(later);
        }
        expect(statuses.filter(({ forged, status }) => status !== (forged ? 401 : 202))).toEqual([]);
        expect(world.stored).toContain(world.signsWith);
      },
    ),
    { numRuns: 300 },
  );
});
