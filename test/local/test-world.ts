import type { MovableClock } from '../../infra/local/clock.ts';
import { leapingClock } from '../../infra/local/clock.ts';
import type { Iam } from '../../infra/local/iam/iam.ts';
import type { CloudEvent, Part, Properties, ResourceRequest, World } from '../../infra/local/part.ts';
import { openStore, type Store } from '../../infra/local/store.ts';
import { type FrontOptions, startFront } from '../../infra/local/wire/front.ts';

export interface TestWorld extends World {
  readonly clock: MovableClock;
  readonly lines: string[];
  readonly emitted: CloudEvent[];
}

/** A world in memory, without latency, that remembers what was logged and emitted. */
export const testWorld = (given: { store?: Store; clock?: MovableClock } = {}): TestWorld => {
  const lines: string[] = [];
  const emitted: CloudEvent[] = [];
  return {
    clock: given.clock ?? leapingClock(),
    store: given.store ?? openStore(),
    account: '111122223333',
    region: 'eu-central-1',
    latency: () => 0,
    emit: (event) => {
      emitted.push(event);
    },
    log: (line) => {
      lines.push(line);
    },
    lines,
    emitted,
  };
};

/** What a provider is given when a template's resource is made; the seed is the logical id unless named. */
export const resourceRequest = (type: string, logicalId: string, properties: Properties): ResourceRequest => ({
  type,
  logicalId,
  properties,
  stackName: 'shop',
  stackId: 'arn:aws:cloudformation:eu-central-1:111122223333:stack/shop/1',
  seed: `shop ${logicalId}`,
  signal: new AbortController().signal,
});

/** Makes a resource through the part that knows its type. */
export const create = (part: Part, type: string, logicalId: string, properties: Properties) => {
  const provider = part.resources?.[type];
  if (!provider) throw new Error(`no part makes ${type}`);
  return provider.create(resourceRequest(type, logicalId, properties));
};

/** The parts behind one front, and what an SDK client needs to speak with it as the operator or under a role. */
export const startedFront = async (iam: Part & Iam, parts: readonly Part[], unsigned?: FrontOptions['unsigned']) => {
  const front = await startFront({
    services: [iam, ...parts].flatMap((part) => part.services ?? []),
    callerOf: iam.callerOf,
    authorizeAs: iam.authorizeAs,
    ...(unsigned && { unsigned }),
  });
  const shared = { endpoint: front.url, region: 'eu-central-1', maxAttempts: 1 };
  return {
    url: front.url,
    operator: { ...shared, credentials: { accessKeyId: 'operator', secretAccessKey: 'secret' } },
    as: (roleArn: string) => ({ ...shared, credentials: iam.credentialsFor(roleArn, 'test') }),
    close: front.close,
  };
};

/** Waits until `seen` gives something; fails with its name after five seconds. */
export const eventually = async <T>(what: string, seen: () => T | undefined | false): Promise<T> => {
  const deadline = Date.now() + 5000;
  for (;;) {
    const value = seen();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
