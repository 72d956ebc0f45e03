import type { Cluster } from '../environment/cluster.ts';
import { fargateSize } from './fargate-size.ts';
import { hasOwnInterface } from './network.ts';
import type { BuiltDatabase, MigrationContainer } from './template.ts';

/** Where a migration runs that runs on Fargate, and how large its task is; undefined on instances. */
export const migrationPlace = (
  { serverGroup }: Pick<BuiltDatabase, 'serverGroup'>,
  container: Pick<MigrationContainer, 'cpu' | 'memory'>,
  cluster: Cluster,
) => {
  const size = hasOwnInterface({ cluster }) ? fargateSize(container) : undefined;
  if (!size) return undefined;
  const { rdsHosts, ecsCluster } = cluster.aws;
  const groups = rdsHosts
    .filter(({ serverGroupName }) => serverGroupName === serverGroup)
    .map(({ clientSecurityGroupId }) => clientSecurityGroupId);
  return {
    ...size,
    subnets: [...new Set(ecsCluster.subnetIds)].sort(),
    securityGroups: [...new Set([...groups, ecsCluster.baseSecurityGroupId ?? []].flat())].sort(),
  };
};
