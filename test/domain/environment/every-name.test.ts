import { expect, test } from '@jest/globals';
import { schemaFiles } from '../../../bin/docs/schema-files.ts';
import { applicationSchema } from '../../../functions/domain/application/application.ts';
import { keyPath } from '../../../functions/domain/configuration/finding.ts';
import { parseConfiguration } from '../../../functions/domain/configuration/parse-configuration.ts';
import { checkApplication } from '../../../functions/domain/environment/check.ts';
import { sampleCluster, sampleEnvironment } from '../../support/sample-configuration.ts';

// Whatever an application names has to be somewhere. Here is one that names all there is, in a place that has all of it;
// each test takes one thing away.

const application = () => ({
  name: 'shop',
  targets: [{ name: 'orders' }],
  blobstores: [{ name: 'files', grants: [{ principal: 'reader' }] }],
  databases: [
    {
      name: 'main',
      postgres: {
        serverGroup: 'store',
        migrateContainer: {
          imageUrl: 'shop:1',
          envVars: [
            { name: 'A', database: { databaseName: 'main' } },
            { name: 'B', fromEnv: { name: 'colour' } },
            { name: 'C', secret: { secretName: 'keys' } },
          ],
        },
        runOutbox: true,
      },
    },
  ],
  secrets: [{ name: 'keys' }],
  runtimes: [
    {
      name: 'main',
      containers: [
        {
          name: 'web',
          imageUrl: 'shop:1',
          envVars: [
            { name: 'A', database: { databaseName: 'main' } },
            { name: 'B', fromEnv: { name: 'colour' } },
            { name: 'C', secret: { secretName: 'keys' } },
            { name: 'D', blobstore: { name: 'files', s3Direct: true } },
          ],
        },
      ],
      routes: [{ prefix: '/', protocol: 'HTTP', targetContainer: 'web' }],
      subscriptions: [{ name: 'orders', envName: 'eu', targetContainer: 'web' }],
      namedEnvPolicies: ['mail'],
    },
    {
      name: 'other',
      containers: [{ name: 'web', imageUrl: 'shop:1', envVars: [{ name: 'E', o5: 'ADAPTER_ENDPOINT' }] }],
    },
  ],
});

const environment = () => ({
  vars: [{ name: 'colour', value: 'red' }],
  aws: {
    hostHeader: 'shop.example',
    environmentLinks: [
      { lookupName: 'eu', fullName: 'eu-prod', snsPrefix: 'arn:aws:sns:eu-west-1:000000000000:eu-prod' },
    ],
    iamPolicies: [{ name: 'mail', policyArn: 'arn:aws:iam::aws:policy/Mail' }],
    grantPrincipals: [{ name: 'reader', arn: 'arn:aws:iam::000000000000:role/reader' }],
  },
});

const aws = () => ({
  o5Sidecar: { imageVersion: 'v1' },
  eventBridge: { eventBusArn: 'arn:aws:events:eu-central-1:000000000000:event-bus/apps' },
  rdsHosts: [
    {
      serverGroupName: 'store',
      clientSecurityGroupId: 'sg-1',
      identifier: 'db-1',
      auth: { secretsManager: { secretName: '/store/postgres' } },
    },
  ],
});

const world = () => ({ application: application(), environment: environment(), aws: aws() });

const findingsIn = (place: { application: object; environment: object; aws: object }) => {
  const parsed = parseConfiguration(applicationSchema, place.application);
  const findings =
    parsed.kind === 'invalid'
      ? parsed.findings
      : checkApplication({
          application: parsed.value,
          environment: sampleEnvironment(place.environment),
          cluster: sampleCluster(place.aws),
        });
  return findings.map(({ keys, message }) => ({ path: keyPath(keys), message }));
};

test('where everything is there, nothing is found, however one logs in to the database', () => {
  expect(findingsIn(world())).toEqual([]);
  expect(findingsIn({ ...world(), aws: { ...aws(), rdsHosts: aws().rdsHosts.map(loggedInToByIam) } })).toEqual([]);
});

const byIam = { iam: { dbUser: 'admin' } };

const loggedInToByIam = (host: object) => ({ ...host, endpoint: 'store.example', auth: byIam });

type Place = ReturnType<typeof world>;

/** What is taken away, and where that has to be found, by which words. */
const missing: readonly (readonly [what: string, without: (place: Place) => object, path: string, message: RegExp])[] =
  [
    [
      'a variable of the environment',
      (all) => ({ ...all, environment: { ...all.environment, vars: [] } }),
      'runtimes[0].containers[0].envVars[1].fromEnv.name',
      /no variable of prod "colour"/,
    ],
    [
      'a variable of the environment, for a migration',
      (all) => ({ ...all, environment: { ...all.environment, vars: [] } }),
      'databases[0].postgres.migrateContainer.envVars[1].fromEnv.name',
      /no variable of prod "colour"/,
    ],
    [
      'a policy',
      (all) => ({ ...all, environment: { ...all.environment, aws: { ...all.environment.aws, iamPolicies: [] } } }),
      'runtimes[0].namedEnvPolicies[0]',
      /no policy of prod "mail"/,
    ],
    [
      'an environment link',
      (all) => ({ ...all, environment: { ...all.environment, aws: { ...all.environment.aws, environmentLinks: [] } } }),
      'runtimes[0].subscriptions[0].envName',
      /no environment link of prod "eu"/,
    ],
    [
      'a principal',
      (all) => ({ ...all, environment: { ...all.environment, aws: { ...all.environment.aws, grantPrincipals: [] } } }),
      'blobstores[0].grants[0].principal',
      /grantPrincipals of prod "reader"/,
    ],
    [
      'a server group',
      (all) => ({ ...all, aws: { ...all.aws, rdsHosts: [] } }),
      'databases[0].postgres.serverGroup',
      /no server group of the cluster main "store"/,
    ],
    [
      'the endpoint of a server with logins by IAM',
      (all) => ({ ...all, aws: { ...all.aws, rdsHosts: all.aws.rdsHosts.map((host) => ({ ...host, auth: byIam })) } }),
      'databases[0].postgres.serverGroup',
      /endpoint/,
    ],
    [
      'the function that speaks SQL',
      (all) => ({ ...all, aws: { ...all.aws, sqlFunctionArn: undefined } }),
      'databases[0].postgres',
      /cluster\.aws\.sqlFunctionArn/,
    ],
    [
      'the role of migrations',
      (all) => ({ ...all, aws: { ...all.aws, migratorRoles: {} } }),
      'databases[0].postgres.migrateContainer',
      /cluster\.aws\.migratorRoles/,
    ],
    [
      'the role with which migrations log in by IAM',
      (all) => ({
        ...all,
        aws: { ...all.aws, rdsHosts: all.aws.rdsHosts.map(loggedInToByIam), migrationTaskRoles: {} },
      }),
      'databases[0].postgres.migrateContainer',
      /cluster\.aws\.migrationTaskRoles of main for logging in to main by IAM/,
    ],
    [
      'the sidecar, for a migration by IAM',
      (all) => ({ ...all, aws: { ...all.aws, rdsHosts: all.aws.rdsHosts.map(loggedInToByIam), o5Sidecar: undefined } }),
      'databases[0].postgres.migrateContainer',
      /needs the sidecar for logging in to main by IAM: .* no cluster\.aws\.o5Sidecar/,
    ],
    [
      'the sidecar',
      (all) => ({ ...all, aws: { ...all.aws, o5Sidecar: undefined } }),
      'runtimes[0]',
      /routes without bypassIngress.*no cluster\.aws\.o5Sidecar/,
    ],
    [
      'the sidecar, for the adapter endpoint alone',
      (all) => ({ ...all, aws: { ...all.aws, o5Sidecar: undefined } }),
      'runtimes[1]',
      /the adapter endpoint.*no cluster\.aws\.o5Sidecar/,
    ],
    [
      'the bus, for subscriptions and outboxes',
      (all) => ({ ...all, aws: { ...all.aws, eventBridge: undefined } }),
      'runtimes[0]',
      /no cluster\.aws\.eventBridge/,
    ],
    [
      'the bus, for targets',
      (all) => ({ ...all, aws: { ...all.aws, eventBridge: undefined } }),
      'targets',
      /cluster\.aws\.eventBridge/,
    ],
    [
      'a database',
      (all) => ({ ...all, application: { ...all.application, databases: [] } }),
      'runtimes[0].containers[0].envVars[0].database.databaseName',
      /no database "main"/,
    ],
    [
      'a secret',
      (all) => ({ ...all, application: { ...all.application, secrets: [] } }),
      'runtimes[0].containers[0].envVars[2].secret.secretName',
      /no secret "keys"/,
    ],
    [
      'a secret, for a migration',
      (all) => ({ ...all, application: { ...all.application, secrets: [] } }),
      'databases[0].postgres.migrateContainer.envVars[2].secret.secretName',
      /no secret "keys"/,
    ],
    [
      'a blobstore',
      (all) => ({ ...all, application: { ...all.application, blobstores: [] } }),
      'runtimes[0].containers[0].envVars[3].blobstore.name',
      /no blobstore "files"/,
    ],
    [
      'the container of a route',
      (all) => ({ ...all, application: withContainer(all.application, 'wbe') }),
      'runtimes[0].routes[0].targetContainer',
      /no container "web"/,
    ],
    [
      'the container of a subscription',
      (all) => ({ ...all, application: withContainer(all.application, 'wbe') }),
      'runtimes[0].subscriptions[0].targetContainer',
      /no container "web"/,
    ],
  ];

const withContainer = (document: ReturnType<typeof application>, name: string) => ({
  ...document,
  runtimes: document.runtimes.map((runtime) => ({
    ...runtime,
    containers: runtime.containers.map((container) => ({ ...container, name })),
  })),
});

test.each(missing)('%s that is not there is found where it is asked for', (_, without, path, message) => {
  const place = without(world());
  expect(findingsIn({ ...world(), ...place })).toContainEqual({ path, message: expect.stringMatching(message) });
});

/** Texts of an application that lead nowhere, each with its reason; those of containers hold for both kinds. */
const leadNowhere: Readonly<Record<string, string>> = {
  name: 'is declared here',
  'targets[].name': 'whoever listens is nobody that we know',
  'blobstores[].name': 'is declared here',
  'blobstores[].ref.application': 'it may be deployed later',
  'blobstores[].ref.bucketName': 'the cluster stack says which are in reach: check-buckets.test.ts',
  'blobstores[].sftpSettings.users[].username': 'is refused as a whole',
  'blobstores[].sftpSettings.users[].publicSshKey': 'is refused as a whole',
  'databases[].name': 'is declared here',
  'databases[].postgres.dbNameSuffix': 'is declared here',
  'databases[].postgres.dbName': 'is declared here',
  'databases[].postgres.dbExtensions[]': 'the server says what it has',
  'databases[].postgres.migrations.tool': 'is looked at with the migrations',
  'databases[].postgres.migrations.path': 'is looked at with the migrations',
  'runtimes[].name': 'is declared here',
  'runtimes[].routes[].prefix': 'is what requests ask for',
  'runtimes[].routes[].subdomains[]': 'is what requests ask for',
  'runtimes[].subscriptions[].name': 'whoever sends is nobody that we know',
  'secrets[].name': 'is declared here',
  'deploymentConfig.mode.reason': 'is for people',
  'container.name': 'is declared here',
  'container.imageUrl': 'is waited for',
  'container.image.name': 'is waited for',
  'container.image.tag': 'is waited for',
  'container.image.registry': 'is waited for',
  'container.command[]': 'is for the image',
  'container.envVars[].name': 'is declared here',
  'container.envVars[].value': 'is for the container',
  'container.envVars[].blobstore.subPath': 'is a place inside the bucket',
  'container.envVars[].secret.jsonKey': 'people fill the secret',
};

interface Node {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
}

const textsOf = (node: Node, path: string): readonly string[] => {
  if (node.items) return textsOf(node.items, `${path}[]`);
  if (node.type === 'string') return node.enum ? [] : [path];
  return Object.entries(node.properties ?? {}).flatMap(([key, under]) =>
    textsOf(under, path === '' ? key : `${path}.${key}`),
  );
};

const ofAnyContainer = (path: string) =>
  path.replace(/^(runtimes\[\]\.containers\[\]|databases\[\]\.postgres\.migrateContainer)/, 'container');

test('every text of an application leads somewhere, and is tested above, or says here why it does not', () => {
  const schema: Node = JSON.parse(schemaFiles()['docs/schemas/application.schema.json'] ?? '');
  const texts = [...new Set(textsOf(schema, '').map(ofAnyContainer))];
  const tested = missing.map(([, , path]) => ofAnyContainer(path.replaceAll(/\[\d+\]/g, '[]')));
  expect(texts.filter((path) => !tested.includes(path)).sort()).toEqual(Object.keys(leadNowhere).sort());
});
