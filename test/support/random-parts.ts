import fc from 'fast-check';
import { blobstoreNames, partNames, shortNames } from './random-names.ts';
import { randomEnvironment } from './random-place.ts';

const unique = (names: fc.Arbitrary<string>, minLength = 0, maxLength = 3) =>
  fc.uniqueArray(names, { minLength, maxLength });

/** Which of the declared things is meant; whoever looks it up counts round. */
const picks = fc.nat(11);
const maybe = <T>(item: fc.Arbitrary<T>) => fc.option(item, { nil: undefined, freq: 2 });
const ports = fc.constantFrom(80, 8080, 9000);

const variables = fc.array(
  fc.record({
    kind: fc.constantFrom('value', 'database', 'blobstore', 'fromEnv', 'secret', 'o5'),
    text: fc.constantFrom('', 'a', '${Own}', 'a "b" ü', '{"a": 1}'),
    key: maybe(fc.constantFrom('private', 'a.b')),
    pick: picks,
  }),
  { maxLength: 5 },
);

const container = fc.record({
  image: fc.oneof(
    fc.record({ imageUrl: fc.constantFrom('a.example/a:1', 'b.example/b@sha256:1') }),
    fc.record({
      image: fc.record(
        {
          name: fc.constantFrom('shop', 'team/shop'),
          tag: fc.constantFrom('v1', 'latest'),
          registry: fc.constantFrom('b.example', 'b.example/team/'),
        },
        { requiredKeys: ['name'] },
      ),
    }),
  ),
  command: maybe(fc.array(fc.constantFrom('serve', '--port=${PORT}', ''), { maxLength: 2 })),
  demand: maybe(fc.constantFrom('LIGHT', 'MEDIUM', 'HEAVY')),
  dockerSocket: fc.boolean(),
  variables,
});

const subdomains = fc.oneof(fc.constantFrom('www', 'a-b', '*', 'api.v1'), fc.stringMatching(/^[a-z0-9-]{1,8}$/));

const route = fc.record({
  prefix: fc.oneof(fc.constantFrom('', '/', '/a', '/a*', '/a/', '/*/a'), fc.stringMatching(/^\/[a-z.]{1,20}\/?$/)),
  subdomains: fc.oneof(
    { weight: 2, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fc.uniqueArray(subdomains, { maxLength: 7 }) },
  ),
  protocol: fc.constantFrom('HTTP', 'GRPC'),
  container: maybe(picks),
  bypassIngress: fc.boolean(),
  port: maybe(ports),
  routeGroup: maybe(fc.constantFrom('FIRST', 'NORMAL', 'FALLBACK')),
});

const topics = fc.constantFrom('a-b', 'a_b', 'o5-deployer-input', 'github:push');
const services = fc.constantFrom('/shop.v1.Orders', '/shop.v1.Stock', '/shop.v1.topic.StockTopic');
const subscription = fc.record({
  name: fc.oneof(
    topics,
    services,
    fc.tuple(services, fc.constantFrom('Get', 'Put')).map((parts) => parts.join('/')),
    fc.constantFrom('global/event', 'global/upsert', 'global/*'),
    fc.constantFrom('o5-infra/o5-infra', 'o5-infra/a-b'),
  ),
  environment: maybe(picks),
  container: maybe(picks),
  port: maybe(ports),
  raw: fc.boolean(),
});

const runtime = fc.record({
  desiredCount: maybe(fc.nat(3)),
  directIngress: fc.constantFrom(undefined, undefined, undefined, false, true),
  containers: unique(partNames, 1).chain((names) =>
    fc.tuple(...names.map((name) => container.map((rest) => ({ name, ...rest })))),
  ),
  routes: fc.array(route, { maxLength: 5 }),
  subscriptions: fc.uniqueArray(subscription, {
    maxLength: 5,
    selector: ({ name, environment }) => `${name} ${environment}`,
  }),
  worker: maybe(
    fc.record(
      { replayChance: fc.nat(100), deadletterChance: fc.nat(100), noDeadletters: fc.boolean() },
      { requiredKeys: [] },
    ),
  ),
  policies: fc.array(picks, { maxLength: 2 }),
});

const database = fc.record({
  suffix: maybe(partNames),
  group: maybe(fc.constantFrom('default', 'second')),
  extensions: fc.uniqueArray(fc.constantFrom('uuid-ossp', 'citext', 'pg_trgm'), { maxLength: 3 }),
  migrate: maybe(container),
  migrations: maybe(fc.constantFrom({ tool: 'dbmate', path: 'db/migrations' }, {})),
  outbox: maybe(fc.constantFrom({ runOutbox: true }, { runOutbox: true, outboxDelayable: true })),
});

const blobstore = fc.record({
  ref: maybe(
    fc.record({
      to: fc.constantFrom({ application: 'other' }, { bucketName: 'somebody-elses' }),
      rights: fc.record({ readPermission: fc.boolean(), writePermission: fc.boolean() }),
    }),
  ),
  grants: fc.array(picks, { maxLength: 2 }),
  emitEvents: fc.boolean(),
});

const keyed = <T extends object>(names: fc.Arbitrary<string>, item: fc.Arbitrary<T>, minLength = 0) =>
  unique(names, minLength).chain((all) => fc.tuple(...all.map((name) => item.map((rest) => ({ name, ...rest })))));

/** What an application is put together from: names, settings, and which of the declared things is meant where. */
export const randomParts = fc.record({
  name: shortNames,
  targets: fc.uniqueArray(fc.oneof(topics, services), { maxLength: 3 }),
  blobstores: keyed(blobstoreNames, blobstore),
  databases: keyed(partNames, database),
  secrets: unique(partNames),
  runtimes: keyed(shortNames, runtime, 1),
  quickMode: maybe(fc.boolean()),
  mode: maybe(fc.constantFrom('DOWNTIME', 'BEFORE', 'PARALLEL', 'AFTER', 'NOP')),
  environment: randomEnvironment,
  launchType: fc.constantFrom('EC2', 'FARGATE'),
});

type Of<A> = A extends fc.Arbitrary<infer T> ? T : never;

export type Parts = Of<typeof randomParts>;
export type RandomContainer = Of<typeof container>;
export type RandomRuntime = Parts['runtimes'][number];

export const picked = <T>(items: readonly T[], pick: number): T | undefined => items[pick % Math.max(1, items.length)];
