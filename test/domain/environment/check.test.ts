import { expect, test } from '@jest/globals';
import { keyPath } from '../../../functions/domain/configuration/finding.ts';
import { checkApplication } from '../../../functions/domain/environment/check.ts';
import {
  awsCluster,
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
    'a database name whose logins PostgreSQL would cut',
    { databases: [database('a'.repeat(46))] },
    {},
    {},
    'databases[0].postgres.dbNameSuffix',
    /has 56 characters, .* 55 are the most/,
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
    'two routes whose subdomains differ in case only, as hosts do not',
    withRuntime({
      routes: [
        { ...route, subdomains: ['Shop'] },
        { ...route, subdomains: ['shop'] },
      ],
    }),
    {},
    {},
    'runtimes[0].routes[1]',
    /same requests/,
  ],
  [
    'F14: the same requests in two runtimes',
    { runtimes: [sampleRuntime({ routes: [route] }), sampleRuntime({ name: 'other', routes: [route] })] },
    {},
    {},
    'runtimes[1].routes[0]',
    /same requests as runtimes\[0\]\.routes\[0\]/,
  ],
  [
    'a server by IAM without an endpoint',
    { databases: [database('main')] },
    {},
    {
      rdsHosts: [
        {
          serverGroupName: 'default',
          clientSecurityGroupId: 'sg-1',
          identifier: 'db-1',
          auth: { iam: { dbUser: 'admin' } },
        },
      ],
    },
    'databases[0].postgres.serverGroup',
    /default needs rdsHosts\[\]\.endpoint/,
  ],
  [
    'a variable of kind envMap',
    withVariable({ envMap: {} }),
    {},
    {},
    'runtimes[0].containers[0].envVars[0].envMap',
    /name each variable/,
  ],
  [
    'a migration that asks for a bucket',
    {
      blobstores: [{ name: 'a' }],
      databases: [
        database('main', {
          migrateContainer: { imageUrl: 'a:1', envVars: [{ name: 'A', blobstore: { name: 'a', s3Direct: true } }] },
        }),
      ],
    },
    {},
    {},
    'databases[0].postgres.migrateContainer.envVars[0].blobstore',
    /no rights to buckets/,
  ],
  [
    'a migration that asks for the sidecar',
    {
      databases: [
        database('main', {
          migrateContainer: { imageUrl: 'a:1', envVars: [{ name: 'A', o5: 'ADAPTER_ENDPOINT' }] },
        }),
      ],
    },
    {},
    {},
    'databases[0].postgres.migrateContainer.envVars[0].o5',
    /no sidecar stands beside a migration/,
  ],
  [
    "a migration that asks for Docker's socket",
    { databases: [database('main', { migrateContainer: { imageUrl: 'a:1', mountDockerSocket: true } })] },
    {},
    {},
    'databases[0].postgres.migrateContainer.mountDockerSocket',
    /no socket of Docker/,
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

test.each(['main_1', 'main-migrate', 'main_123456'])(
  'a database %s would have the name of a login of the database main: both are named',
  (name) => {
    for (const databases of [
      [database('main'), database(name)],
      [database(name), database('main')],
    ])
      expect(check({ databases })).toEqual([
        {
          at: 'value',
          path: 'databases[1].postgres.dbNameSuffix',
          message: expect.stringMatching(
            /^main.* of shop and main.* of shop \(prod\).*would be the role of one and a login/,
          ),
        },
      ]);
  },
);

test('databases whose names only begin alike go together', () => {
  expect(check({ databases: ['main', 'main_a', 'main_1a', 'mainx'].map((name) => database(name)) })).toEqual([]);
});

test('F23: two databases of one name in an environment are one record, whatever their servers', () => {
  const databases = [database('main'), database('other', { dbNameSuffix: 'main', serverGroup: 'second' })];
  const second = { ...awsCluster.rdsHosts[0], serverGroupName: 'second' };
  expect(check({ databases }, {}, { rdsHosts: [...awsCluster.rdsHosts, second] })).toEqual([
    expect.objectContaining({ path: 'databases[1].postgres.dbNameSuffix' }),
  ]);
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
