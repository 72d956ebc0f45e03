import { type Application, applicationSchema } from '../../functions/domain/application/application.ts';
import { buildTemplate } from '../../functions/domain/template/build-template.ts';
import type { Template } from '../../functions/domain/template/template.ts';
import { exampleIamAdmin } from './example-iam-admin.ts';
import { awsCluster, sampleCluster, sampleEnvironment, sha256 } from './sample-configuration.ts';

const launchTypes = ['EC2', 'FARGATE'] as const;
export type LaunchType = (typeof launchTypes)[number];

/**
 * What the builder makes of an application that uses each form of messages, buckets, the sidecar and databases by IAM, on
 * instances or on Fargate; only the socket of Docker is not there on Fargate. For the cluster of the example stage.
 */
export const o5Template = (launchType: LaunchType): Template =>
  buildTemplate({
    application: o5Application(launchType),
    environment: sampleEnvironment({
      fullName: 'dev',
      clusterName: 'local',
      corsOrigins: ['https://shop.example', 'https://*.shop.example'],
      trustJwks: ['https://keys.example/jwks'],
      aws: {
        hostHeader: 'dev.example',
        environmentLinks: [{ lookupName: 'partner', fullName: 'partner-dev', snsPrefix: 'arn:aws:sns:x:y:partner' }],
        iamPolicies: [{ name: 'mail', policyArn: 'arn:aws:iam::aws:policy/Mail' }],
        grantPrincipals: [{ name: 'auditor', arn: 'arn:aws:iam::111111111111:role/auditor' }],
      },
    }),
    cluster: {
      ...sampleCluster({
        awsRegion: 'eu-west-1',
        eventBridge: { eventBusArn: 'arn:aws:events:eu-west-1:000000000000:event-bus/applications' },
        o5Sidecar: { imageVersion: '1.2.3' },
        ecsCluster: {
          ...awsCluster.ecsCluster,
          launchType,
          subnetIds: ['subnet-0a1b2c3d', 'subnet-4e5f6a7b'],
          baseSecurityGroupId: 'sg-0a1b2c3d',
        },
        // AWS's own validation knows what ids look like, and the boundary which servers are logged in to by IAM.
        rdsHosts: awsCluster.rdsHosts.map((host) => ({
          ...host,
          identifier: exampleIamAdmin.identifier,
          clientSecurityGroupId: 'sg-4e5f6a7b',
        })),
      }),
      name: 'local',
    },
    version: 'c0ffee',
    hash: sha256,
  }).template;

export const o5Templates = (): readonly { readonly name: string; readonly template: Template }[] =>
  launchTypes.map((launchType) => ({ name: `o5-${launchType.toLowerCase()}`, template: o5Template(launchType) }));

const o5Application = (launchType: LaunchType): Application =>
  applicationSchema.parse({
    name: 'shop',
    targets: [{ name: 'orders' }, { name: 'mail' }],
    secrets: [{ name: 'keys' }],
    blobstores: [
      { name: 'images', emitEvents: true, grants: [{ principal: 'auditor' }] },
      { name: 'exports' },
      { name: 'theirs', ref: { application: 'billing' } },
      { name: 'inbox', ref: { application: 'billing', writePermission: true } },
      { name: 'brand', ref: { bucketName: 'example-shared-files', readPermission: true, writePermission: true } },
    ],
    databases: [
      { name: 'main', postgres: { runOutbox: true, outboxDelayable: true } },
      { name: 'audit', postgres: { serverGroup: 'aurora' } },
    ],
    runtimes: [
      {
        name: 'main',
        namedEnvPolicies: ['mail'],
        workerConfig: { replayChance: 5, deadletterChance: 1, noDeadletters: true },
        routes: [
          { prefix: '/shop', protocol: 'HTTP', subdomains: ['a', 'b', 'c', 'd'] },
          { prefix: '/shop.v1.Shop/', protocol: 'GRPC', bypassIngress: true, port: 9090 },
        ],
        subscriptions: [
          { name: 'orders' },
          { name: 'stock' },
          { name: '/shop.v1.Orders', envName: 'partner' },
          { name: '/shop.v1.Stock/Move', port: 9090 },
          { name: 'global/event', envName: '*' },
          { name: 'global/upsert' },
          { name: 'o5-infra/o5-infra', rawMessage: true },
        ],
        containers: [
          {
            name: 'web',
            image: { name: 'shop' },
            ...(launchType === 'EC2' && { mountDockerSocket: true }),
            envVars: [
              { name: 'DATABASE_URL', database: { databaseName: 'main' } },
              { name: 'AUDIT_URL', database: { databaseName: 'audit' } },
              { name: 'KEY', secret: { secretName: 'keys', jsonKey: 'private' } },
              { name: 'ADAPTER', o5: 'ADAPTER_ENDPOINT' },
              ...['images', 'theirs', 'inbox', 'brand'].map((name) => ({
                name: name.toUpperCase(),
                blobstore: { name, s3Direct: true },
              })),
              { name: 'EXPORTS', blobstore: { name: 'exports', subPath: 'daily', s3Direct: true } },
            ],
          },
        ],
      },
      {
        name: 'worker',
        subscriptions: [{ name: 'global/*', envName: 'partner' }],
        containers: [{ name: 'work', image: { name: 'shop' } }],
      },
    ],
  });
