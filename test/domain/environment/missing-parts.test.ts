import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkApplication } from '../../../functions/domain/environment/check.ts';
import { buildTemplate } from '../../../functions/domain/template/build-template.ts';
import { inputOf, randomCases } from '../../support/random-application.ts';
import { resourceFaults } from '../../support/resource-faults.ts';

type Place = Pick<ReturnType<typeof inputOf>, 'environment' | 'cluster'>;

const withoutPart =
  (key: string) =>
  ({ environment, cluster }: Place): Place => {
    const { [key]: _, ...aws }: Readonly<Record<string, unknown>> = cluster.aws;
    return { environment, cluster: { ...cluster, aws: aws as Place['cluster']['aws'] } };
  };

const withCluster =
  (more: Partial<Place['cluster']['aws']>) =>
  ({ environment, cluster }: Place): Place => ({
    environment,
    cluster: { ...cluster, aws: { ...cluster.aws, ...more } },
  });

const withEnvironment =
  (more: Partial<Place['environment']['aws']>) =>
  ({ environment, cluster }: Place): Place => ({
    environment: { ...environment, aws: { ...environment.aws, ...more } },
    cluster,
  });

const withoutSubnets = ({ environment, cluster }: Place): Place =>
  withCluster({ ecsCluster: { ...cluster.aws.ecsCluster, subnetIds: [] } })({ environment, cluster });

const withoutEndpoints = ({ environment, cluster }: Place): Place =>
  withCluster({ rdsHosts: cluster.aws.rdsHosts.map(({ endpoint: _, ...host }) => host) })({ environment, cluster });

/** What may be missing, and the word by which whoever has to add it knows it. */
const parts: readonly (readonly [word: string, take: (place: Place) => Place])[] = [
  ['cluster.aws.o5Sidecar', withoutPart('o5Sidecar')],
  ['cluster.aws.eventBridge', withoutPart('eventBridge')],
  ['cluster.aws.sqlFunctionArn', withoutPart('sqlFunctionArn')],
  ['cluster.aws.migratorRoles', withCluster({ migratorRoles: {} })],
  ['cluster.aws.migrationTaskRoles', withoutPart('migrationTaskRoles')],
  ['rdsHosts[].endpoint', withoutEndpoints],
  ['server group of the cluster', withCluster({ rdsHosts: [] })],
  ['cluster.aws.ecsCluster.subnetIds', withoutSubnets],
  ['variable of', ({ environment, cluster }) => ({ environment: { ...environment, vars: [] }, cluster })],
  ['policy of', withEnvironment({ iamPolicies: [] })],
  ['environment link of', withEnvironment({ environmentLinks: [] })],
  ['grantPrincipals of', withEnvironment({ grantPrincipals: [] })],
];

test.each(parts)(
  'whoever needs what is missing is told of %s, and whoever does not is built without it',
  (word, take) => {
    let told = 0;
    fc.assert(
      fc.property(randomCases, (one) => {
        const input = inputOf(one);
        const poor = { ...input, ...take(input) };
        const findings = checkApplication(poor);
        for (const { message } of findings) expect(message).toContain(word);
        if (findings.length > 0) told++;
        else {
          const built = buildTemplate(poor);
          expect(resourceFaults(built, poor.environment.aws.hostHeader)).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
    expect(told).toBeGreaterThan(0);
  },
);
