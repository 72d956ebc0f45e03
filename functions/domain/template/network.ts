import type { Runtime } from '../application/runtime.ts';
import type { Cluster } from '../environment/cluster.ts';
import type { Build } from './build.ts';
import { databasesOf } from './database-access.ts';
import { logicalIds } from './names.ts';

/** Fargate gives every task a network interface of its own; on EC2 the containers of an instance share a bridge. */
export const hasOwnInterface = ({ cluster }: Pick<Build, 'cluster'>): boolean =>
  cluster.aws.ecsCluster.launchType === 'FARGATE';

/**
 * Where the interfaces of a service's tasks stand, and what may reach them: its own group, those that let clients into
 * the database servers it uses, and the one that everything in the cluster has.
 */
export const serviceNetwork = (runtime: Runtime, build: Build) => {
  const used = databasesOf(runtime, build.application).map(({ postgres }) => postgres.serverGroup);
  const { subnets, securityGroups } = interfacePlace(used, build.cluster);
  return {
    AwsvpcConfiguration: {
      AssignPublicIp: 'DISABLED',
      SecurityGroups: [{ 'Fn::GetAtt': [logicalIds.securityGroup(runtime.name), 'GroupId'] }, ...securityGroups],
      Subnets: subnets,
    },
  };
};

/** Where every interface stands whose task uses databases of these server groups, each subnet and group once. */
export const interfacePlace = (
  serverGroups: readonly string[],
  { aws: { ecsCluster, rdsHosts } }: Pick<Cluster, 'aws'>,
) => {
  const clients = rdsHosts.filter(({ serverGroupName }) => serverGroups.includes(serverGroupName));
  const base = ecsCluster.baseSecurityGroupId;
  return {
    subnets: [...new Set(ecsCluster.subnetIds)].sort(),
    securityGroups: [
      ...new Set([...(base ? [base] : []), ...clients.map(({ clientSecurityGroupId }) => clientSecurityGroupId)]),
    ].sort(),
  };
};
