import { applicationSchema } from '../../functions/domain/application/application.ts';
import { clusterSchema } from '../../functions/domain/environment/cluster.ts';
import { environmentSchema } from '../../functions/domain/environment/environment.ts';
import type { BuildInput } from '../../functions/domain/template/build.ts';
import { sha256 } from '../sha256.ts';

const RUNTIMES = 10;
const ROUTES = 3;

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const databases = ['orders', 'stock', 'audit', 'users', 'search'];
const buckets = ['images', 'exports', 'inbox', 'reports'];

const runtime = (at: number) => ({
  name: `runtime${at}`,
  desiredCount: 2,
  namedEnvPolicies: ['mail', 'metrics'],
  workerConfig: { replayChance: 5, noDeadletters: true },
  routes: times(ROUTES, (route) => ({
    prefix: `/runtime${at}/v${route}/`,
    protocol: route === 2 ? 'GRPC' : 'HTTP',
    port: 8080 + route,
    bypassIngress: route > 0,
    subdomains: route === 1 ? ['www', 'api', 'shop', 'admin'] : [],
    routeGroup: ['FIRST', 'NORMAL', 'FALLBACK'][route],
  })),
  subscriptions: [
    ...times(8, (topic) => ({ name: `topic-${at}-${topic}` })),
    ...times(8, (service) => ({ name: `/shop.v1.topic.Service${service}`, envName: service > 5 ? '*' : 'partner' })),
    { name: 'global/event', envName: '*' },
    { name: 'o5-infra/o5-infra' },
  ],
  containers: [
    {
      name: 'main',
      image: { name: `shop-${at}` },
      demand: 'MEDIUM',
      envVars: [
        ...times(20, (value) => ({ name: `SETTING_${value}`, value: `value ${value}` })),
        ...databases.map((name) => ({ name: `${name.toUpperCase()}_URL`, database: { databaseName: name } })),
        ...buckets.map((name) => ({ name: `${name.toUpperCase()}_BUCKET`, blobstore: { name, s3Direct: true } })),
        ...times(5, (secret) => ({
          name: `SECRET_${secret}`,
          secret: { secretName: `secret-${secret}`, jsonKey: 'k' },
        })),
        ...times(5, (variable) => ({ name: `VAR_${variable}`, fromEnv: { name: `var-${variable}` } })),
      ],
    },
    { name: 'side', image: { name: 'side' }, envVars: [{ name: 'OUTBOX', o5: 'ADAPTER_ENDPOINT' }] },
  ],
});

/** 10 runtimes, 30 routes, 5 databases, and queues, rules, buckets and secrets to them: what the builder has to bear. */
export const largestInput = (): BuildInput => ({
  application: applicationSchema.parse({
    name: 'shop',
    targets: times(10, (target) => ({ name: `topic-${target}` })),
    secrets: times(5, (secret) => ({ name: `secret-${secret}` })),
    blobstores: buckets.map((name) => ({ name, emitEvents: true })),
    databases: databases.map((name) => ({
      name,
      postgres: { runOutbox: true, dbExtensions: ['uuid-ossp'], migrateContainer: { image: { name: 'migrations' } } },
    })),
    runtimes: times(RUNTIMES, runtime),
  }),
  environment: environmentSchema.parse({
    fullName: 'prod',
    clusterName: 'main',
    vars: times(5, (variable) => ({ name: `var-${variable}`, value: `value ${variable}` })),
    aws: {
      hostHeader: 'prod.example',
      environmentLinks: [{ lookupName: 'partner', fullName: 'partner-prod', snsPrefix: 'arn:aws:sns:x:y:partner' }],
      iamPolicies: ['mail', 'metrics'].map((name) => ({ name, policyArn: `arn:aws:iam::aws:policy/${name}` })),
    },
  }),
  cluster: clusterSchema.parse({ name: 'main', aws }),
  version: 'c0ffee',
  hash: sha256,
});

const aws = {
  vpcId: 'vpc-1',
  awsAccount: '000000000000',
  awsRegion: 'eu-central-1',
  globalNamespace: 'bench',
  albIngress: {
    listenerArn: 'arn:aws:elasticloadbalancing:eu-central-1:000000000000:listener/1',
    securityGroupId: 'sg-1',
  },
  ecsCluster: {
    clusterName: 'main',
    taskExecutionRole: 'arn:aws:iam::000000000000:role/execution',
    defaultRegistry: 'registry.example/team',
  },
  rdsHosts: [
    {
      serverGroupName: 'default',
      clientSecurityGroupId: 'sg-2',
      identifier: 'main',
      auth: { secretsManager: { secretName: '/main/postgres' } },
    },
  ],
  o5Sidecar: { imageVersion: 'v1' },
  eventBridge: { eventBusArn: 'arn:aws:events:eu-central-1:000000000000:event-bus/main' },
  deployRoleArn: 'arn:aws:iam::000000000000:role/deploy',
  boundaryArn: 'arn:aws:iam::000000000000:policy/boundary',
  sqlFunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:sql',
  migratorRoles: { prod: 'arn:aws:iam::000000000000:role/migrate' },
};
