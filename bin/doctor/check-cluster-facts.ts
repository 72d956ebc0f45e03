import { isNativeError } from 'node:util/types';
import { DescribeClustersCommand, ECSClient } from '@aws-sdk/client-ecs';
import { DescribeListenersCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Cluster } from '../../functions/domain/environment/cluster.ts';
import type { ClusterSite } from '../../infra/aws/stage.ts';
import type { ClientSettings } from './account.ts';
import type { Deployed } from './control-plane.ts';
import { type Diagnosis, missing, ok, unknown } from './diagnosis.ts';

/** What the configuration says of a cluster is what the stage says, and stands in the account. */
export const checkClusterFacts = async (
  { ports, call }: Deployed,
  site: ClusterSite,
  settings: ClientSettings,
): Promise<Diagnosis> => {
  const cluster = await ports.configuration.findCluster(site.name);
  if (!cluster) return unknown(`The cluster ${site.name} is not configured yet`, `Run ${call('apply FILE')} first`);
  const looks = await Promise.all([
    ecsCluster(new ECSClient(settings), cluster),
    listener(new ElasticLoadBalancingV2Client(settings), cluster),
    ...adminSecrets(cluster).map((name) => secret(new SecretsManagerClient(settings), name)),
  ]);
  const faults = [...differences(cluster, site), ...looks.filter((fault) => fault !== undefined)];
  return faults.length > 0
    ? missing(faults.join('; '), `Correct the configuration and run ${call('apply FILE')}, or infra/aws/stages.ts`)
    : ok(`ECS cluster ${cluster.aws.ecsCluster.clusterName}, listener, ${counted(adminSecrets(cluster).length)}`);
};

/** Of the keys that both know, those that do not agree. */
const differences = ({ aws }: Cluster, site: ClusterSite): readonly string[] => {
  const both: readonly (readonly [key: string, configured: string | undefined, staged: string])[] = [
    ['awsAccount', aws.awsAccount, site.account],
    ['awsRegion', aws.awsRegion, site.region],
    ['vpcId', aws.vpcId, site.network.vpcId],
    ['externalId', aws.externalId, site.externalId],
    ['ecsCluster.taskExecutionRole', aws.ecsCluster.taskExecutionRole, site.taskExecutionRole],
  ];
  return [
    ...both
      .filter(([, configured, staged]) => configured !== staged)
      .map(([key, configured, staged]) => `cluster.aws.${key} is ${configured ?? 'nothing'}, the stage says ${staged}`),
    ...adminSecrets({ aws })
      .filter((name) => !name.startsWith(site.adminSecrets))
      .map((name) => `the secret ${name} does not begin with ${site.adminSecrets}, so Slipway may not read it`),
    ...adminsByIam({ aws })
      .filter((admin) => !site.databaseAdmins.includes(admin))
      .map((admin) => `${admin} is none of the stage's databaseAdmins, so Slipway may not log in as it`),
  ];
};

const adminSecrets = ({ aws }: Pick<Cluster, 'aws'>): readonly string[] => [
  ...new Set(aws.rdsHosts.flatMap(({ auth }) => auth.secretsManager?.secretName ?? [])),
];

const adminsByIam = ({ aws }: Pick<Cluster, 'aws'>): readonly string[] =>
  aws.rdsHosts.flatMap(({ identifier, auth }) => (auth.iam ? [`${identifier}/${auth.iam.dbUser}`] : []));

const ecsCluster = async (client: ECSClient, { aws }: Cluster): Promise<string | undefined> => {
  const { clusterName } = aws.ecsCluster;
  const { clusters = [] } = await client.send(new DescribeClustersCommand({ clusters: [clusterName] }));
  return clusters.some(({ status }) => status === 'ACTIVE') ? undefined : `there is no ECS cluster ${clusterName}`;
};

const listener = async (client: ElasticLoadBalancingV2Client, { aws }: Cluster): Promise<string | undefined> => {
  const { listenerArn } = aws.albIngress;
  const ask = new DescribeListenersCommand({ ListenerArns: [listenerArn] });
  return unless('ListenerNotFoundException', client.send(ask), `there is no listener ${listenerArn}`);
};

const secret = async (client: SecretsManagerClient, SecretId: string): Promise<string | undefined> =>
  unless(
    'ResourceNotFoundException',
    client.send(new DescribeSecretCommand({ SecretId })),
    `there is no secret ${SecretId}`,
  );

/** The fault when AWS says so by that error; any other error is the caller's. */
const unless = async (error: string, answer: Promise<unknown>, fault: string): Promise<string | undefined> => {
  try {
    await answer;
    return undefined;
  } catch (thrown) {
    if (isNativeError(thrown) && thrown.name === error) return fault;
    throw thrown;
  }
};

const counted = (count: number): string => `${count} secret${count === 1 ? '' : 's'} of database administrators`;
