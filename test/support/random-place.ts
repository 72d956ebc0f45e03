import fc from 'fast-check';
import { dashedNames, partNames } from './random-names.ts';
import { awsCluster } from './sample-configuration.ts';

const texts = fc.constantFrom(
  '',
  'text',
  '${NotOurs}',
  'a b',
  'ü "quoted"',
  ':8080',
  'https://keys.example/.well-known',
);

const named = <T>(item: fc.Arbitrary<T>) =>
  fc
    .uniqueArray(partNames, { maxLength: 3 })
    .chain((names) => fc.tuple(...names.map((name) => item.map((rest) => ({ name, ...rest })))));

/** An environment of the cluster below, as its file would say it. */
export const randomEnvironment = fc.record({
  fullName: dashedNames,
  clusterName: fc.constant('main'),
  vars: named(
    fc.oneof(
      fc.record({ value: texts }),
      fc.record({
        join: fc.record({ delimiter: fc.constantFrom(',', ''), values: fc.array(texts, { maxLength: 2 }) }),
      }),
    ),
  ),
  trustJwks: fc.array(fc.constantFrom('https://a.example/keys', 'https://b.example/keys'), { maxLength: 2 }),
  corsOrigins: fc.array(fc.constantFrom('*', 'https://*.example', 'https://a.example'), { maxLength: 2 }),
  sizes: fc.constantFrom({}, { light: { cpu: 64, memory: 128 }, heavy: { memory: 4096 } }),
  aws: fc.record({
    hostHeader: fc.constantFrom('*.*', 'prod.example', 'x.*.example'),
    environmentLinks: named(
      fc.record({ fullName: dashedNames, snsPrefix: fc.constantFrom('arn:aws:sns:eu-central-1:000000000000:other') }),
    ).map((links) => links.map(({ name, ...rest }) => ({ lookupName: name, ...rest }))),
    grantPrincipals: named(
      fc.record({ arn: fc.constantFrom('arn:aws:iam::000000000000:role/a', 'arn:aws:iam::000000000000:root') }),
    ),
    iamPolicies: named(
      fc.record({ policyArn: fc.constantFrom('arn:aws:iam::aws:policy/A', 'arn:aws:iam::aws:policy/B') }),
    ),
  }),
});

/** How one logs in to a server of the cluster. */
export const byPassword = { secretsManager: { secretName: '/second/postgres' } };
export const byIam = { iam: { dbUser: 'admin' } };

/** A cluster that has whatever an application may ask for. */
export const fittingCluster = (
  environment: string,
  launchType: string,
  [first, second]: readonly [object, object],
) => ({
  name: 'main',
  aws: {
    ...awsCluster,
    globalNamespace: 'ns',
    ecsCluster: { ...awsCluster.ecsCluster, launchType, subnetIds: ['subnet-b', 'subnet-a'] },
    rdsHosts: [
      { ...awsCluster.rdsHosts[0], endpoint: 'main.example', auth: first },
      { ...awsCluster.rdsHosts[1], serverGroupName: 'second', auth: second },
    ],
    migratorRoles: { [environment]: 'arn:aws:iam::000000000000:role/migrate' },
    migrationTaskRoles: { [environment]: 'arn:aws:iam::000000000000:role/migration-task' },
    o5Sidecar: { imageVersion: 'v1' },
    eventBridge: { eventBusArn: 'arn:aws:events:eu-central-1:000000000000:event-bus/main' },
  },
});
