import { DescribeClustersCommand, ECSClient } from '@aws-sdk/client-ecs';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { checkClusterFacts } from '../../../bin/doctor/check-cluster-facts.ts';
import type { OperatorPorts } from '../../../bin/operator.ts';
import type { Cluster } from '../../../functions/domain/environment/cluster.ts';
import { getStage } from '../../../infra/aws/get-stage.ts';
import type { ClusterSite } from '../../../infra/aws/stage.ts';
import { createBalancer } from '../../../infra/local/balancer/balancer.ts';
import { createIam } from '../../../infra/local/iam/iam.ts';
import { createSecrets } from '../../../infra/local/secrets/secrets.ts';
import { create, startedFront, testWorld } from '../../local/test-world.ts';
import { sampleCluster } from '../../support/sample-configuration.ts';
import { settingsFor } from './answering-server.ts';

const ecs = mockClient(ECSClient);
const open: { close(): unknown }[] = [];
beforeEach(() => {
  ecs.reset();
  ecs.on(DescribeClustersCommand).resolves({ clusters: [] });
  ecs.on(DescribeClustersCommand, { clusters: ['main'] }).resolves({ clusters: [{ status: 'ACTIVE' }] });
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** An account with a listener and the secret of an administrator, and a configuration and a stage that speak of it. */
const account = async () => {
  const world = testWorld();
  const iam = createIam(world);
  const balancer = createBalancer(world);
  const front = await startedFront(iam, [balancer, createSecrets(world)]);
  open.push(front, { close: () => balancer.stop?.() });
  const settings = settingsFor(front.url);
  await new SecretsManagerClient(settings).send(new CreateSecretCommand({ Name: '/main/postgres' }));
  const { physicalId: LoadBalancerArn } = await create(balancer, 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'Lb', {});
  const { physicalId: listenerArn } = await create(balancer, 'AWS::ElasticLoadBalancingV2::Listener', 'Listener', {
    LoadBalancerArn,
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
  });
  const cluster = sampleCluster({
    albIngress: { listenerArn, securityGroupId: 'sg-1' },
    externalId: 'slipway-example',
  });
  const site: ClusterSite = {
    ...(getStage('example').clusters[0] as ClusterSite),
    region: 'eu-central-1',
    adminSecrets: '/main/',
    databaseAdmins: ['aurora/admin'],
    taskExecutionRole: cluster.aws.ecsCluster.taskExecutionRole,
    network: { vpcId: 'vpc-1', subnetIds: [], securityGroupIds: [] },
  };
  return { settings, cluster, site };
};

const check = async (
  { settings, site }: Awaited<ReturnType<typeof account>>,
  cluster: Cluster | undefined,
  more: Partial<ClusterSite> = {},
) => {
  const ports = { configuration: { findCluster: async () => cluster } } as unknown as OperatorPorts;
  const deployed = { kind: 'deployed', status: '', outputs: {}, ports, call: String } as const;
  return checkClusterFacts(deployed, { ...site, ...more }, settings);
};

test('a configuration of things that are there, as the stage says them, is right', async () => {
  const there = await account();
  expect(await check(there, there.cluster)).toEqual({
    kind: 'ok',
    what: 'ECS cluster main, listener, 1 secret of database administrators',
  });
});

test('everything that is not there, or that the stage says otherwise, is named at once', async () => {
  const there = await account();
  const { aws } = there.cluster;
  const wrong = sampleCluster({
    ...aws,
    externalId: 'other',
    albIngress: { ...aws.albIngress, listenerArn: aws.albIngress.listenerArn.replace(/.$/, '0') },
    ecsCluster: { ...aws.ecsCluster, clusterName: 'mian' },
    rdsHosts: [
      { ...aws.rdsHosts[0], auth: { secretsManager: { secretName: '/mian/postgres' } } },
      { ...aws.rdsHosts[1], auth: { iam: { dbUser: 'root' } } },
    ],
  });
  const diagnosis = await check(there, wrong, { network: { ...there.site.network, vpcId: 'vpc-2' } });
  expect(diagnosis).toMatchObject({ kind: 'missing' });
  expect(diagnosis.what.split('; ')).toEqual([
    'cluster.aws.vpcId is vpc-1, the stage says vpc-2',
    'cluster.aws.externalId is other, the stage says slipway-example',
    'the secret /mian/postgres does not begin with /main/, so Slipway may not read it',
    "aurora/root is none of the stage's databaseAdmins, so Slipway may not log in as it",
    'there is no ECS cluster mian',
    `there is no listener ${wrong.aws.albIngress.listenerArn}`,
    'there is no secret /mian/postgres',
  ]);
});

test('before a configuration is applied there is nothing to look for', async () => {
  expect(await check(await account(), undefined)).toMatchObject({ kind: 'unknown' });
});

test('an account that does not let itself be looked at is not taken for an empty one', async () => {
  const there = await account();
  ecs
    .on(DescribeClustersCommand)
    .rejects(Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' }));
  await expect(check(there, there.cluster)).rejects.toThrow('not authorized');
});
