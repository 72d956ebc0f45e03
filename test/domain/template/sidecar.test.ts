import { describe, expect, test } from '@jest/globals';
import { hasSidecar, sidecar, sidecarImage } from '../../../functions/domain/template/sidecar.ts';
import { sampleCluster, sampleRuntime } from '../../support/sample-configuration.ts';
import { fargateKeys, only, sampleBuild } from '../../support/sample-place.ts';

const bypass = { prefix: '/shop/', protocol: 'HTTP', bypassIngress: true };
const web = (...envVars: object[]) => ({ name: 'web', image: { name: 'shop' }, envVars });
const main = { name: 'A', database: { databaseName: 'main' } };
const adapter = { name: 'ADAPTER', o5: 'ADAPTER_ENDPOINT' };
const outbox = (more: object = {}) => ({ name: 'main', postgres: { runOutbox: true, ...more } });

const inPlace = (runtime: object, application: object = {}, place: object = {}) => {
  const build = sampleBuild({ application: { ...application, runtimes: [sampleRuntime(runtime)] }, ...place });
  return [only(build.application.runtimes), build] as const;
};
const definition = (...place: Parameters<typeof inPlace>) => sidecar(...inPlace(...place));
const environmentOf = (...place: Parameters<typeof inPlace>) =>
  Object.fromEntries(definition(...place).Environment.map(({ Name, Value }) => [Name, Value]));

test.each<[string, object, object]>([
  ['a subscription', { subscriptions: [{ name: 'topic' }] }, {}],
  ['a route through it', { routes: [{ ...bypass, bypassIngress: false }] }, {}],
  ['an adapter variable', { containers: [web(adapter)] }, {}],
  [
    'a database by IAM',
    { containers: [web(main)] },
    { databases: [{ name: 'main', postgres: { serverGroup: 'aurora' } }] },
  ],
  ['an outbox', { containers: [web(main)] }, { databases: [outbox()] }],
])('%s brings the sidecar', (_what, runtime, application) => {
  expect(hasSidecar(...inPlace(runtime, application))).toBe(true);
});

test.each<[string, object, object]>([
  ['routes that bypass it', {}, {}],
  ['direct ingress of the whole runtime', { directIngress: true, routes: [{ ...bypass, bypassIngress: false }] }, {}],
  ['a database by a secret', { containers: [web(main)] }, { databases: [{ name: 'main', postgres: {} }] }],
  ['an outbox that another runtime sends', {}, { databases: [outbox()] }],
  ['worker settings', { workerConfig: { noDeadletters: true } }, {}],
])('%s alone does not', (_what, runtime, application) => {
  expect(hasSidecar(...inPlace(runtime, application))).toBe(false);
});

describe('the container', () => {
  const routes = [
    { ...bypass, bypassIngress: false, prefix: '/b/', port: 9000 },
    { ...bypass, bypassIngress: false, prefix: '/a/', targetContainer: 'admin' },
    { ...bypass, prefix: '/c/' },
  ];
  const containers = [web(), { name: 'admin', imageUrl: 'admin:1' }];
  const full = { routes, containers, subscriptions: [{ name: 'topic', port: 9000 }] };

  test('is essential, small, and listens where the load balancer sends requests', () => {
    expect(definition(full)).toMatchObject({
      Name: 'o5_runtime',
      Image: 'registry.example/sidecar:v7',
      Essential: true,
      Cpu: 128,
      Memory: 128,
      Links: ['admin:admin', 'web:web'],
      PortMappings: [{ ContainerPort: 8888, HostPort: 0, Protocol: 'tcp' }],
      LogConfiguration: {
        Options: { 'awslogs-group': 'ecs/prod/shop/o5_runtime', 'awslogs-stream-prefix': 'main' },
      },
    });
    expect(definition(full)).not.toHaveProperty('MountPoints');
  });

  test('is told where the containers listen that it stands before, each once', () => {
    expect(definition(full).Environment).toEqual([
      { Name: 'APP_NAME', Value: 'shop' },
      { Name: 'AWS_REGION', Value: { Ref: 'AWS::Region' } },
      { Name: 'ENVIRONMENT_NAME', Value: { Ref: 'EnvName' } },
      { Name: 'EVENTBRIDGE_ARN', Value: { Ref: 'EventBusARN' } },
      { Name: 'PUBLIC_ADDR', Value: ':8888' },
      { Name: 'SERVICE_ENDPOINT', Value: 'admin:8080,web:9000' },
      { Name: 'SQS_URL', Value: { Ref: 'SQSQueueMain' } },
    ]);
  });

  test('has no address on a bridge and one for all on Fargate', () => {
    const onFargate = definition(full, {}, { cluster: fargateKeys });
    expect(onFargate).not.toHaveProperty('Links');
    expect(onFargate.PortMappings).toEqual([{ ContainerPort: 8888, HostPort: 8888, Protocol: 'tcp' }]);
    expect(environmentOf(full, {}, { cluster: fargateKeys })['SERVICE_ENDPOINT']).toBe('localhost:8080,localhost:9000');
  });

  test('knows whose tokens and origins the environment trusts, where it trusts any', () => {
    const environment = { trustJwks: ['https://keys.example'], corsOrigins: ['*.example'] };
    expect(environmentOf({ routes, containers }, {}, { environment })).toMatchObject({
      JWKS: { Ref: 'JWKS' },
      CORS_ORIGINS: { Ref: 'CORSOrigin' },
    });
    expect(Object.keys(environmentOf({ containers: [web(adapter)] }, {}, { environment }))).toEqual([
      'ADAPTER_ADDR',
      'APP_NAME',
      'AWS_REGION',
      'ENVIRONMENT_NAME',
      'EVENTBRIDGE_ARN',
    ]);
  });

  test('sends nothing, and needs no bus, when it only takes requests', () => {
    expect(environmentOf({ routes, containers })).not.toHaveProperty('EVENTBRIDGE_ARN');
  });

  test('O45: the worker settings are its variables, beside a queue', () => {
    const workerConfig = { replayChance: 5, deadletterChance: 2, noDeadletters: true };
    expect(environmentOf({ subscriptions: [{ name: 'topic' }], workerConfig })).toMatchObject({
      RESEND_CHANCE: '5',
      DEADLETTER_CHANCE: '2',
      NO_DEADLETTERS: 'true',
    });
    const off = environmentOf({ subscriptions: [{ name: 'topic' }], workerConfig: { replayChance: 0 } });
    expect(Object.keys(off).filter((name) => /CHANCE|DEADLETTER/.test(name))).toEqual([]);
  });
});

describe('databases', () => {
  const databases = [
    outbox({ outboxDelayable: true }),
    { name: 'auditLog', postgres: { serverGroup: 'aurora', runOutbox: true, dbNameSuffix: 'the-log' } },
  ];
  const containers = [web(main, { name: 'B', database: { databaseName: 'auditLog' } })];

  test('the sidecar has the login of each: a secret, or name and place for a token of IAM', () => {
    const { Environment, Secrets } = definition({ containers }, { databases });
    expect(Environment).toEqual(
      expect.arrayContaining([
        {
          Name: 'DB_CREDS_AUDIT_LOG',
          Value: '{"endpoint":"aurora.example:5432","dbName":"prod_shop_the_log","dbUser":"prod_shop_the_log"}',
        },
        { Name: 'POSTGRES_IAM_PROXY', Value: 'AUDIT_LOG' },
        { Name: 'POSTGRES_OUTBOX', Value: 'AUDIT_LOG,MAIN' },
        { Name: 'POSTGRES_OUTBOX_DELAYABLE', Value: 'true' },
        { Name: 'POSTGRES_PROXY_BIND', Value: '/sockets/postgres/.s.PGSQL.5432' },
      ]),
    );
    expect(Secrets).toEqual([{ Name: 'DB_CREDS_MAIN', ValueFrom: { 'Fn::Sub': '${DatabaseSecretMain}:dburl::' } }]);
    expect(Environment.map(({ Name }) => Name)).toEqual(Environment.map(({ Name }) => Name).sort());
  });

  test('the order of the file changes nothing', () => {
    const turned = [{ ...containers[0], envVars: [...(containers[0]?.envVars ?? [])].reverse() }];
    const other = definition({ containers: turned }, { databases: [...databases].reverse() });
    expect(JSON.stringify(other)).toBe(JSON.stringify(definition({ containers }, { databases })));
  });

  test('an outbox without delayed messages says nothing of them', () => {
    expect(environmentOf({ containers: [web(main)] }, { databases: [outbox()] })).not.toHaveProperty(
      'POSTGRES_OUTBOX_DELAYABLE',
    );
  });
});

test("O44: the cluster names the image, the original's where it names the version only", () => {
  expect(sidecarImage(sampleCluster({ o5Sidecar: { imageVersion: 'abc' } }))).toBe(
    'ghcr.io/pentops/o5-runtime-sidecar:abc',
  );
  expect(() => sidecarImage(sampleCluster())).toThrow('Cluster main has no o5Sidecar');
});
