import { expect } from '@jest/globals';
import { readConfiguration } from '../../../functions/adapters/yaml/configuration-reader.ts';
import { type Application, applicationSchema } from '../../../functions/domain/application/application.ts';
import { checkApplication } from '../../../functions/domain/environment/check.ts';
import { buildTemplate } from '../../../functions/domain/template/build-template.ts';
import { fixture, testWithFixtures } from '../../support/o5-fixtures.ts';
import { sampleCluster, sampleEnvironment, sha256 } from '../../support/sample-configuration.ts';

type Counts = Readonly<Record<string, number>>;

const runtime: Counts = { 'ECS::TaskDefinition': 1, 'IAM::Role': 1, 'EC2::SecurityGroup': 1, 'ECS::Service': 1 };
const way: Counts = { 'ElasticLoadBalancingV2::TargetGroup': 1, 'ElasticLoadBalancingV2::ListenerRule': 1 };
const messages: Counts = { 'SQS::Queue': 1, 'SQS::QueuePolicy': 1, 'Events::Rule': 1 };
const database: Counts = { 'SecretsManager::Secret': 1 };
const migration: Counts = { 'ECS::TaskDefinition': 1, 'IAM::Role': 1 };
const secret: Counts = { 'SecretsManager::Secret': 1 };
const bucket: Counts = { 'S3::Bucket': 1 };
const topic: Counts = { 'SNS::Subscription': 1 };

/** What the original deployer's template of each application holds, databases by password, and how many that is. */
const original: Readonly<Record<string, readonly [total: number, parts: readonly Counts[]]>> = {
  'o5-deploy-aws': [15, [bucket, secret, database, migration, runtime, way, messages, topic]],
  dante: [13, [database, migration, runtime, way, messages, secret]],
  trigger: [12, [database, migration, runtime, way, messages]],
  registry: [16, [bucket, secret, database, migration, runtime, way, way, messages]],
  j5: [16, [bucket, secret, database, migration, runtime, way, way, messages]],
  jwtauth: [7, [runtime, way, secret]],
  'o5-ui': [6, [runtime, way]],
};

interface Difference {
  readonly why: string;
  /** How often it shows in an application. */
  readonly times: (application: Application) => number;
  readonly more: Counts;
}

const differences: readonly Difference[] = [
  {
    why: 'the secret of a database is made by PGUpsert, since it has to be there before the plan, and outlives the stack',
    times: ({ databases }) => databases.length,
    more: { 'SecretsManager::Secret': -1 },
  },
  {
    why: 'a migration is a task definition of its own deployment, under the role that the cluster has for its environment',
    times: ({ databases }) => databases.filter(({ postgres }) => postgres.migrateContainer).length,
    more: { 'ECS::TaskDefinition': -1, 'IAM::Role': -1 },
  },
  {
    why: 'what nobody could handle waits in a queue of its own, with a policy of its own',
    times: ({ runtimes }) => runtimes.filter(({ subscriptions }) => subscriptions.length > 0).length,
    more: { 'SQS::Queue': 1, 'SQS::QueuePolicy': 1 },
  },
  {
    why: 'a bucket has a policy: nobody comes without TLS, and grants stand there',
    times: ({ blobstores }) => blobstores.filter(({ ref }) => !ref).length,
    more: { 'S3::BucketPolicy': 1 },
  },
];

const sum = (parts: readonly Counts[], start: Counts = {}): Counts =>
  parts.reduce<Record<string, number>>(
    (all, part) => {
      for (const [type, count] of Object.entries(part)) all[type] = (all[type] ?? 0) + count;
      return all;
    },
    { ...start },
  );

const times = (count: number, part: Counts): Counts[] => Array.from({ length: count }, () => part);

for (const [name, [total, parts]] of Object.entries(original))
  testWithFixtures(
    `${name} has the ${total} resources of the original but for the reasons that are written down`,
    () => {
      const read = readConfiguration(applicationSchema, { path: `${name}.yaml`, text: fixture(name) });
      if (read.kind === 'invalid') throw new Error(read.errors.map(({ message }) => message).join());
      const application = read.value;
      const place = { environment, cluster };
      expect(checkApplication({ application, ...place })).toEqual([]);
      const { template } = buildTemplate({ application, ...place, version: 'c0ffee', hash: sha256 });

      const theirs = sum(parts);
      expect(Object.values(theirs).reduce((all, count) => all + count)).toBe(total);
      const wanted = sum(
        differences.flatMap((difference) => times(difference.times(application), difference.more)),
        theirs,
      );
      const ours = sum(Object.values(template.Resources).map(({ Type }) => ({ [Type.replace('AWS::', '')]: 1 })));
      expect(ours).toEqual(Object.fromEntries(Object.entries(wanted).filter(([, count]) => count > 0)));
    },
  );

const cluster = sampleCluster({
  o5Sidecar: { imageVersion: 'v1' },
  eventBridge: { eventBusArn: 'arn:aws:events:eu-central-1:000000000000:event-bus/main' },
});

const environment = sampleEnvironment({
  vars: [
    { name: 'upstream-jwks', value: 'https://keys.example' },
    { name: 'o5-deployer-assume-role', value: 'arn:aws:iam::000000000000:role/deploy' },
  ],
  aws: {
    hostHeader: 'prod.example',
    iamPolicies: ['sqs-direct', 'assume-o5-deployer'].map((name) => ({
      name,
      policyArn: `arn:aws:iam::000000000000:policy/${name}`,
    })),
  },
});
