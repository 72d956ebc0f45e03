import { describe, expect, test } from '@jest/globals';
import { keyPath } from '../../../functions/domain/configuration/finding.ts';
import { checkApplication } from '../../../functions/domain/environment/check.ts';
import {
  sampleApplication,
  sampleCluster,
  sampleEnvironment,
  sampleRuntime,
} from '../../support/sample-configuration.ts';

const database = (name: string, postgres: object = {}) => ({ name, postgres });
const route = { prefix: '/', protocol: 'HTTP', bypassIngress: true };
const withRuntime = (more: object) => ({ runtimes: [sampleRuntime(more)] });
const withVariable = (variable: object) =>
  withRuntime({ containers: [{ name: 'web', image: { name: 'shop' }, envVars: [{ name: 'A', ...variable }] }] });

const check = (application: object, environment: object = {}, cluster: object = {}) =>
  checkApplication({
    application: sampleApplication(application),
    environment: sampleEnvironment(environment),
    cluster: sampleCluster(cluster),
  }).map(({ keys, ...finding }) => ({ path: keyPath(keys), ...finding }));

test('an application that fits its environment has nothing found', () => {
  expect(check({ databases: [database('main')], ...withRuntime({ namedEnvPolicies: ['mail'] }) })).toEqual([]);
});

test.each<[string, object, object, object, string, RegExp, string?]>([
  ['another kind of environment', {}, { kind: 'hosts' }, {}, '(top)', /is of kind hosts/],
  ['another cluster', {}, { clusterName: 'other' }, {}, '(top)', /belongs to the cluster other, not to main/],
  [
    'a missing variable',
    withVariable({ fromEnv: { name: 'upstream-jkws' } }),
    {},
    {},
    'runtimes[0].containers[0].envVars[0].fromEnv.name',
    /there is no variable of prod "upstream-jkws"/,
    'upstream-jwks',
  ],
  [
    'a variable too long for a parameter',
    withVariable({ fromEnv: { name: 'long' } }),
    { vars: [{ name: 'long', value: 'é'.repeat(2049) }] },
    {},
    'runtimes[0].containers[0].envVars[0].fromEnv.name',
    /4096 bytes/,
  ],
  [
    'a missing policy',
    withRuntime({ namedEnvPolicies: ['mial'] }),
    {},
    {},
    'runtimes[0].namedEnvPolicies[0]',
    /there is no policy of prod "mial"/,
    'mail',
  ],
  [
    'a missing link',
    withRuntime({ subscriptions: [{ name: 'topic', envName: 'eu' }] }),
    {},
    {},
    'runtimes[0].subscriptions[0].envName',
    /there is no environment link of prod "eu"/,
  ],
  [
    'a missing server group',
    { databases: [database('main', { serverGroup: 'defualt' })] },
    {},
    {},
    'databases[0].postgres.serverGroup',
    /there is no server group of the cluster main "defualt"/,
    'default',
  ],
  [
    'a cluster without servers',
    { databases: [database('main')] },
    {},
    { rdsHosts: [] },
    'databases[0].postgres.serverGroup',
    /nor any other/,
  ],
  [
    'a cluster without the sql function',
    { databases: [database('main')] },
    {},
    { sqlFunctionArn: undefined },
    'databases[0].postgres',
    /needs cluster\.aws\.sqlFunctionArn/,
  ],
  [
    'a cluster without a migrator role',
    { databases: [database('main', { migrateContainer: { imageUrl: 'a:1' } })] },
    {},
    { migratorRoles: {} },
    'databases[0].postgres.migrateContainer',
    /a role for prod in cluster\.aws\.migratorRoles/,
  ],
  [
    'F23: databases that fold to one name',
    { databases: [database('a-b'), database('a_b')] },
    {},
    {},
    'databases[1].postgres.dbNameSuffix',
    /a_b of shop and a-b of shop \(prod\) would both be the database prod_shop_a_b/,
  ],
  [
    'a database name PostgreSQL would cut',
    { databases: [database('a'.repeat(60))] },
    {},
    {},
    'databases[0].postgres.dbNameSuffix',
    /63 characters/,
  ],
  [
    'two routes of the same requests',
    withRuntime({
      routes: [
        { ...route, prefix: '/a' },
        { ...route, prefix: '/a*', routeGroup: 'FIRST' },
      ],
    }),
    {},
    {},
    'runtimes[0].routes[1]',
    /same requests as runtimes\[0\]\.routes\[0\]/,
  ],
  [
    'two routes that share a subdomain',
    withRuntime({
      routes: [
        { ...route, subdomains: ['a', 'b'] },
        { ...route, subdomains: ['b'] },
      ],
    }),
    {},
    {},
    'runtimes[0].routes[1]',
    /same requests/,
  ],
  [
    'more wildcards than a rule takes',
    withRuntime({ routes: [{ ...route, subdomains: ['*.*.*.*'] }] }),
    { aws: { hostHeader: '*.*' } },
    {},
    'runtimes[0].routes[0]',
    /6 wildcards/,
  ],
  [
    'more target groups than a service takes',
    withRuntime({ routes: [1, 2, 3, 4, 5, 6].map((port) => ({ ...route, prefix: `/${port}`, port })) }),
    {},
    {},
    'runtimes[0].routes',
    /ECS takes 5/,
  ],
])('finds %s', (...[, application, environment, cluster, path, message, close]) => {
  expect(check(application, environment, cluster)).toContainEqual(
    expect.objectContaining({ path, message: expect.stringMatching(message), ...(close && { nearest: close }) }),
  );
});

test('F23: a name that another application took on the same server is refused with both named', () => {
  const application = sampleApplication({ databases: [database('main')] });
  const taken = {
    databaseName: 'prod_shop_main',
    environment: 'prod-shop',
    application: 'main',
    key: 'x',
    serverGroup: 'default',
  };
  const found = (others: (typeof taken)[]) =>
    checkApplication({ application, environment: sampleEnvironment(), cluster: sampleCluster(), others });
  expect(found([taken])[0]?.message).toContain('main of shop and x of main (prod-shop)');
  expect(found([{ ...taken, serverGroup: 'other' }])).toEqual([]);
  expect(found([{ ...taken, environment: 'prod', application: 'shop', key: 'main' }])).toEqual([]);
});

describe('what is not built yet is refused by its key path', () => {
  const cases: [object, string][] = [
    [{ targets: [{ name: 'a' }] }, 'targets[0]'],
    [{ blobstores: [{ name: 'a' }] }, 'blobstores[0]'],
    [{ databases: [database('main', { runOutbox: true })] }, 'databases[0].postgres.runOutbox'],
    [{ databases: [database('main', { outboxDelayable: true })] }, 'databases[0].postgres.outboxDelayable'],
    [{ databases: [database('main', { serverGroup: 'aurora' })] }, 'databases[0].postgres.serverGroup'],
    [withRuntime({ subscriptions: [{ name: 'topic' }] }), 'runtimes[0].subscriptions[0]'],
    [withRuntime({ routes: [{ prefix: '/', protocol: 'HTTP' }] }), 'runtimes[0].routes[0].bypassIngress'],
    [withRuntime({ directIngress: true }), 'runtimes[0].directIngress'],
    [withRuntime({ workerConfig: {} }), 'runtimes[0].workerConfig'],
    [withVariable({ envMap: {} }), 'runtimes[0].containers[0].envVars[0].envMap'],
    [withVariable({ o5: 'ADAPTER_ENDPOINT' }), 'runtimes[0].containers[0].envVars[0].o5'],
    [
      { blobstores: [{ name: 'a' }], ...withVariable({ blobstore: { name: 'a', s3Direct: true } }) },
      'runtimes[0].containers[0].envVars[0].blobstore',
    ],
    [
      withRuntime({ containers: [{ name: 'web', imageUrl: 'a:1', mountDockerSocket: true }] }),
      'runtimes[0].containers[0].mountDockerSocket',
    ],
  ];
  test.each(cases)('%j', (application, path) => {
    expect(check(application)).toContainEqual(
      expect.objectContaining({ path, message: expect.stringContaining('not supported yet') }),
    );
  });
});
