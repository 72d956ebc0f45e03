import { createHash } from 'node:crypto';
import { type Application, applicationSchema } from '../../functions/domain/application/application.ts';
import { type Cluster, type ClusterAnswer, clusterSchema } from '../../functions/domain/environment/cluster.ts';
import { clusterVersion } from '../../functions/domain/environment/cluster-check.ts';
import { type Environment, environmentSchema } from '../../functions/domain/environment/environment.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const awsCluster = {
  vpcId: 'vpc-1',
  awsAccount: '000000000000',
  awsRegion: 'eu-central-1',
  globalNamespace: 'sample',
  albIngress: {
    listenerArn: 'arn:aws:elasticloadbalancing:eu-central-1:000000000000:listener/app/main/1/2',
    securityGroupId: 'sg-balancer',
  },
  ecsCluster: {
    clusterName: 'main',
    taskExecutionRole: 'arn:aws:iam::000000000000:role/execution',
    defaultRegistry: 'registry.example/team',
  },
  rdsHosts: [
    {
      serverGroupName: 'default',
      clientSecurityGroupId: 'sg-clients',
      identifier: 'main',
      auth: { secretsManager: { secretName: '/main/postgres' } },
    },
    {
      serverGroupName: 'aurora',
      clientSecurityGroupId: 'sg-clients',
      identifier: 'aurora',
      endpoint: 'aurora.example',
      auth: { iam: { dbUser: 'admin' } },
    },
  ],
  deployRoleArn: 'arn:aws:iam::000000000000:role/deploy',
  boundaryArn: 'arn:aws:iam::000000000000:policy/boundary',
  sqlFunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:sql',
  migratorRoles: { prod: 'arn:aws:iam::000000000000:role/migrate-prod' },
  migrationTaskRoles: { prod: 'arn:aws:iam::000000000000:role/migration-task-prod' },
};

export const sampleCluster = (aws: object = {}): Cluster => ({
  ...clusterSchema.parse({ name: 'main', aws: { ...awsCluster, ...aws } }),
  answer: sampleAnswer,
});

export const sampleAnswer: ClusterAnswer = {
  at: '2026-08-01T09:00:00.000Z',
  version: clusterVersion,
  environments: ['dev', 'prod'],
  policies: ['arn:aws:iam::aws:policy/Mail'],
};

export const sampleEnvironment = (more: object = {}): Environment =>
  environmentSchema.parse({
    fullName: 'prod',
    clusterName: 'main',
    vars: [
      { name: 'upstream-jwks', value: 'https://keys.example' },
      { name: 'origins', join: { delimiter: ',', values: ['a', 'b'] } },
    ],
    aws: { hostHeader: 'prod.example', iamPolicies: [{ name: 'mail', policyArn: 'arn:aws:iam::aws:policy/Mail' }] },
    ...more,
  });

export const sampleApplication = (more: object = {}): Application =>
  applicationSchema.parse({ name: 'shop', runtimes: [sampleRuntime()], ...more });

export const sampleRuntime = (more: object = {}) => ({
  name: 'main',
  containers: [{ name: 'web', image: { name: 'shop' } }],
  routes: [{ prefix: '/shop/', protocol: 'HTTP', bypassIngress: true }],
  ...more,
});
