import { expect, test } from '@jest/globals';
import { migrationPlace } from '../../../functions/domain/template/migration-place.ts';
import { awsCluster, sampleCluster } from '../../support/sample-configuration.ts';
import { fargateKeys } from '../../support/sample-place.ts';

const size = { cpu: 512, memory: 1025 };
const database = { serverGroup: 'default' };

test('a migration on Fargate stands where its server lets it in, in a task with room for it', () => {
  const ecsCluster = { ...fargateKeys.ecsCluster, baseSecurityGroupId: 'sg-base' };
  expect(migrationPlace(database, size, sampleCluster({ ecsCluster }))).toEqual({
    cpu: 512,
    memory: 2048,
    subnets: ['subnet-a', 'subnet-b'],
    securityGroups: ['sg-base', 'sg-clients'],
  });
  expect(migrationPlace(database, size, sampleCluster(fargateKeys))?.securityGroups).toEqual(['sg-clients']);
});

test('it has room for the sidecar beside the migration, and reaches every server that the migration names', () => {
  const rdsHosts = awsCluster.rdsHosts.map((host) => ({
    ...host,
    clientSecurityGroupId: `sg-${host.serverGroupName}`,
  }));
  const container = {
    cpu: 256,
    memory: 512,
    serverGroups: ['aurora'],
    sidecar: { image: 'sidecar:1', environment: [] },
  };
  expect(migrationPlace(database, container, sampleCluster({ ...fargateKeys, rdsHosts }))).toMatchObject({
    cpu: 512,
    memory: 1024,
    securityGroups: ['sg-aurora', 'sg-default'],
  });
});

test('a migration on an instance needs no place of its own', () => {
  expect(migrationPlace(database, size, sampleCluster())).toBeUndefined();
});
