import type { Application } from '../../functions/domain/application/application.ts';
import { containersOf } from '../../functions/domain/application/check-references.ts';
import { clusterSchema } from '../../functions/domain/environment/cluster.ts';
import { environmentSchema } from '../../functions/domain/environment/environment.ts';
import type { Site } from './read-configurations.ts';

const ACCOUNT = '000000000000';
const REGION = 'eu-west-1';

/**
 * An environment with a cluster that has everything the application asks for, by made-up ids: for whoever wants to see
 * a template before there is an environment.
 */
export const sampleSite = (application: Application, fullName = 'sample'): Site => ({
  environment: environmentSchema.parse({
    fullName,
    clusterName: 'sample',
    vars: namesOf(variables(application)).map((name) => ({ name, value: `value-of-${name}` })),
    aws: {
      hostHeader: `${fullName}.example.com`,
      iamPolicies: namesOf(application.runtimes.flatMap(({ namedEnvPolicies }) => namedEnvPolicies)).map((name) => ({
        name,
        policyArn: arn('iam', `policy/${name}`, ''),
      })),
      grantPrincipals: namesOf(principals(application)).map((name) => ({ name, arn: arn('iam', `role/${name}`, '') })),
      environmentLinks: namesOf(links(application)).map((lookupName) => ({
        lookupName,
        fullName: 'linked',
        snsPrefix: arn('sns', 'linked'),
      })),
    },
  }),
  cluster: clusterSchema.parse({
    name: 'sample',
    aws: {
      ...account,
      rdsHosts: namesOf(application.databases.map(({ postgres }) => postgres.serverGroup)).map((serverGroupName) => ({
        serverGroupName,
        clientSecurityGroupId: 'sg-databases',
        identifier: 'sample',
        auth: { secretsManager: { secretName: 'sample/postgres' } },
      })),
      migratorRoles: { [fullName]: arn('iam', 'role/migrator', '') },
      migrationTaskRoles: { [fullName]: arn('iam', 'role/migration-task', '') },
    },
  }),
});

const arn = (service: string, resource: string, region = REGION): string =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;

const account = {
  awsAccount: ACCOUNT,
  awsRegion: REGION,
  vpcId: 'vpc-sample',
  globalNamespace: 'sample',
  albIngress: {
    listenerArn: arn('elasticloadbalancing', 'listener/app/sample/0/0'),
    securityGroupId: 'sg-balancer',
  },
  ecsCluster: {
    clusterName: 'sample',
    taskExecutionRole: arn('iam', 'role/task-execution', ''),
    defaultRegistry: 'registry.example.com',
  },
  o5Sidecar: { imageVersion: 'sample', imageRepo: 'registry.example.com/o5-runtime-sidecar' },
  eventBridge: { eventBusArn: arn('events', 'event-bus/sample') },
  deployRoleArn: arn('iam', 'role/deploy', ''),
  boundaryArn: arn('iam', 'policy/boundary', ''),
  sqlFunctionArn: arn('lambda', 'function:sql'),
};

const variables = (application: Application): readonly string[] =>
  containersOf(application).flatMap(({ envVars }) => envVars.flatMap(({ fromEnv }) => (fromEnv ? [fromEnv.name] : [])));

const principals = ({ blobstores }: Application): readonly string[] =>
  blobstores.flatMap(({ grants }) => grants.map(({ principal }) => principal));

/** `*` is every environment, and no link. */
const links = ({ runtimes }: Application): readonly string[] =>
  runtimes.flatMap(({ subscriptions }) =>
    subscriptions.flatMap(({ envName }) => (envName === undefined || envName === '*' ? [] : [envName])),
  );

const namesOf = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();
