import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { s3BucketReader } from '../../adapters/aws/bucket-reader.ts';
import { ecrImageResolver } from '../../adapters/aws/image-resolver.ts';
import { elbListenerReader } from '../../adapters/aws/listener-reader.ts';
import { cloudWatchLogTail } from '../../adapters/aws/log-tail.ts';
import { secretsManagerStore } from '../../adapters/aws/secret-store.ts';
import { lambdaSqlRunner } from '../../adapters/aws/sql-runner.ts';
import { cloudFormationStackDeployer } from '../../adapters/aws/stack-deployer.ts';
import { ecsTaskRunner } from '../../adapters/aws/task-runner.ts';
import { ociDigest } from '../../adapters/oci/registry.ts';
import type { Cluster } from '../../domain/environment/cluster.ts';
import type { ClusterPorts, InCluster } from '../../ports.ts';
import type { World } from '../world.ts';
import { clusterSettings } from './cluster-settings.ts';

/** Everything in a cluster's account and region, by its deploy role; made once per configuration and function instance. */
export const clusters = {
  inCluster: (world: World): InCluster => {
    const known = new Map<string, ClusterPorts>();
    return (cluster) => {
      // A configuration that was applied meanwhile speaks of other roles under the same name.
      const key = JSON.stringify(cluster);
      const ports = known.get(key) ?? portsOf(world, cluster);
      known.set(key, ports);
      return ports;
    };
  },
};

const portsOf = (world: World, cluster: Cluster): ClusterPorts => {
  const { clock } = world;
  const { aws: site } = cluster;
  const settings = clusterSettings(world, cluster);
  const secrets = new SecretsManagerClient(settings);
  return {
    stacks: cloudFormationStackDeployer(new CloudFormationClient(settings), clock, site.cloudFormationRoleArn),
    tasks: ecsTaskRunner(
      new ECSClient(settings),
      site.ecsCluster.clusterName,
      cloudWatchLogTail(new CloudWatchLogsClient(settings)),
    ),
    secrets: secretsManagerStore(secrets),
    buckets: s3BucketReader(new S3Client(settings), site.awsAccount),
    sql: lambdaSqlRunner(new LambdaClient(settings), site.sqlFunctionArn ?? ''),
    listeners: elbListenerReader(new ElasticLoadBalancingV2Client(settings)),
    images: ecrImageResolver(
      perRegion((region) => new ECRClient({ ...settings, region })),
      { account: site.awsAccount, region: site.awsRegion },
      ociDigest(fetch),
    ),
  };
};

const perRegion = <Client>(make: (region: string) => Client): ((region: string) => Client) => {
  const known = new Map<string, Client>();
  return (region) => {
    const client = known.get(region) ?? make(region);
    known.set(region, client);
    return client;
  };
};
