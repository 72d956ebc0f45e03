import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  changeWebhookSecret,
  dropOldWebhookSecret,
  type SecretWish,
  type WebhookSecretPorts,
} from '../../functions/operations/change-webhook-secret.ts';

const app = { appId: 12, privateKey: 'key' };
const url = 'https://a.example/webhook';

class Killed extends Error {}

/** Slipway's secrets, the webhook that reads them, and GitHub, which signs with one. */
const stage = (first: readonly string[] = []) => {
  const world = {
    stored: first,
    storedAt: 0,
    signsWith: first.at(-1),
    now: 0,
    made: 0,
    status: 202,
    /** Until then the webhook refuses what it has not read yet. */
    looksAt: 0,
    lastStatus: undefined as number | undefined,
    /** Effects until the process is killed. */
    effectsLeft: Number.POSITIVE_INFINITY,
  };
  const effect = () => {
    if (world.effectsLeft-- <= 0) throw new Killed();
  };
  const ports: WebhookSecretPorts = {
    gitHubSecrets: {
      findWebhookSecrets: async () => {
        const [newest, ...older] = world.stored;
        const storedAt = new Date(world.storedAt).toISOString();
        return newest === undefined ? undefined : { secrets: [newest, ...older], storedAt };
      },
      writeWebhookSecrets: async (secrets) => {
        effect();
        Object.assign(world, { stored: secrets, storedAt: world.now });
      },
    },
    gitHubSettings: {
      setHook: async (_app, { secret }) => {
        effect();
        world.signsWith = secret;
      },
      lastDelivery: async () =>
        world.lastStatus === undefined
          ? undefined
          : {
              id: '1',
              guid: '',
              event: 'push',
              repositoryId: '1',
              deliveredAt: 'then',
              redelivery: false,
              statusCode: world.lastStatus,
              pending: false,
            },
    },
    password: () => `made-${++world.made}`,
    clock: {
      now: () => new Date(world.now),
      sleep: async (millis) => {
        world.now += millis;
      },
    },
    ping: async (_url, secret) => (world.stored.includes(secret) && world.now >= world.looksAt ? world.status : 401),
  };
  const change = (wish: SecretWish) => changeWebhookSecret(ports, { app, url, wish });
  return { world, change, drop: () => dropOldWebhookSecret(ports, { app, url }) };
};

test('a change keeps the old secret valid until it is dropped', async () => {
  const { world, change, drop } = stage(['old']);
  expect(await change({ kind: 'new' })).toEqual({ kind: 'changed', valid: 2 });
  expect(world).toMatchObject({ stored: ['made-1', 'old'], signsWith: 'made-1' });
  world.now += 60_000;
  expect(await drop()).toEqual({ kind: 'dropped' });
  expect(world.stored).toEqual(['made-1']);
  expect(await drop()).toEqual({ kind: 'nothing' });
});

test('a change that is repeated goes on with the secret that it made', async () => {
  const { world, change } = stage(['old']);
  world.effectsLeft = 1;
  await expect(change({ kind: 'new' })).rejects.toThrow(Killed);
  expect(world).toMatchObject({ stored: ['made-1', 'old'], signsWith: 'old' });
  world.effectsLeft = 9;
  await change({ kind: 'new' });
  expect(world).toMatchObject({ stored: ['made-1', 'old'], signsWith: 'made-1', made: 1 });
});

test('GitHub is not told of a secret that the webhook does not take', async () => {
  const { world, change } = stage(['old']);
  world.status = 500;
  expect(await change({ kind: 'new' })).toEqual({ kind: 'unheard', status: 500 });
  expect(world).toMatchObject({ stored: ['made-1', 'old'], signsWith: 'old' });
});

test('a webhook that still holds what it read before is asked again until it looks', async () => {
  const { world, change } = stage(['old']);
  world.looksAt = 5_000;
  expect(await change({ kind: 'new' })).toEqual({ kind: 'changed', valid: 2 });
  expect(world.now).toBeGreaterThanOrEqual(5_000);
});

test('a change after one that was cut off keeps what GitHub may still sign with', async () => {
  const { world, change } = stage(['old']);
  world.effectsLeft = 1;
  await expect(change({ kind: 'new' })).rejects.toThrow(Killed);
  world.effectsLeft = 1;
  await expect(change({ kind: 'given', secret: 'mine' })).rejects.toThrow(Killed);
  expect(world).toMatchObject({ stored: ['mine', 'made-1', 'old'], signsWith: 'old' });
});

test('a given secret, or the one that is there, is what GitHub shall sign with', async () => {
  const given = stage(['there']);
  await given.change({ kind: 'given', secret: 'mine' });
  expect(given.world).toMatchObject({ stored: ['mine', 'there'], signsWith: 'mine' });
  const kept = stage(['there']);
  expect(await kept.change({ kind: 'kept' })).toEqual({ kind: 'changed', valid: 1 });
  expect(kept.world).toMatchObject({ stored: ['there'], signsWith: 'there', made: 0 });
  const none = stage();
  await none.change({ kind: 'kept' });
  expect(none.world).toMatchObject({ stored: ['made-1'], signsWith: 'made-1' });
});

test('the old secret stays while a delivery under it may be on its way, and while the last one was refused', async () => {
  const { world, change, drop } = stage(['old']);
  await change({ kind: 'new' });
  world.now = world.storedAt + 59_001;
  expect(await drop()).toEqual({ kind: 'too-soon', seconds: 1 });
  world.now += 1_000;
  world.lastStatus = 401;
  expect(await drop()).toEqual({ kind: 'refused', statusCode: 401, deliveredAt: 'then' });
  expect(world.stored).toHaveLength(2);
  world.lastStatus = 202;
  expect(await drop()).toEqual({ kind: 'dropped' });
});

const deed = fc.record({
  what: fc.constantFrom('new', 'kept', 'given', 'drop'),
  effects: fc.oneof(fc.nat({ max: 3 }), fc.constant(99)),
  later: fc.nat({ max: 120_000 }),
});

test('whatever is done and wherever it is killed, what GitHub signs with is always valid', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 12 }), async (deeds) => {
      const { world, change, drop } = stage(['first']);
      for (const { what, effects, later } of deeds) {
        world.effectsLeft = effects;
        const done = what === 'drop' ? drop() : change(wishOf(what, world.made));
        await done.catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
        expect(world.stored).toContain(world.signsWith);
        expect(new Set(world.stored).size).toBe(world.stored.length);
        world.now += later;
      }
    }),
    { numRuns: 500 },
  );
});

const wishOf = (what: 'new' | 'kept' | 'given', number: number): SecretWish =>
  what === 'given' ? { kind: 'given', secret: `given-${number}` } : { kind: what };
