import { buildTemplate } from '../../functions/domain/template/build-template.ts';
import type { Template } from '../../functions/domain/template/template.ts';
import { sampleApplication, sampleCluster, sampleEnvironment, sampleRuntime, sha256 } from './sample-configuration.ts';

/** Everything that the builder can emit, in one application: two runtimes, ways in of both protocols, policies, secrets. */
export const maximalApplication = () =>
  sampleApplication({
    secrets: [{ name: 'keys' }],
    databases: [
      {
        name: 'main',
        postgres: { serverGroup: 'default', migrateContainer: { name: 'migrate', image: { name: 'shop-migrate' } } },
      },
    ],
    runtimes: [
      sampleRuntime({
        namedEnvPolicies: ['mail'],
        routes: [
          { prefix: '/shop/', protocol: 'HTTP', bypassIngress: true },
          { prefix: '/shop.v1.', protocol: 'GRPC', bypassIngress: true, port: 9000, routeGroup: 'FIRST' },
        ],
        containers: [
          {
            name: 'web',
            image: { name: 'shop' },
            envVars: [
              { name: 'DATABASE_URL', database: { databaseName: 'main' } },
              { name: 'KEY', secret: { secretName: 'keys', jsonKey: 'private' } },
              { name: 'ORIGINS', fromEnv: { name: 'origins' } },
            ],
          },
        ],
      }),
      sampleRuntime({ name: 'worker', routes: [] }),
    ],
  });

export const templateOf = (application = maximalApplication()): Template =>
  buildTemplate({
    application,
    environment: sampleEnvironment(),
    cluster: sampleCluster(),
    version: 'c0ffee',
    hash: sha256,
  }).template;
