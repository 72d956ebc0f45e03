import type { Runtime } from '../application/runtime.ts';
import type { Build } from './build.ts';
import { databasesOf, hostOf } from './database-access.ts';
import { logicalIds } from './names.ts';

/** Fargate gives every task a network interface of its own; on EC2 the containers of an instance share a bridge. */
export const hasOwnInterface = ({ cluster }: Pick<Build, 'cluster'>): boolean =>
  cluster.aws.ecsCluster.launchType === 'FARGATE';

/**
 * Where the interfaces of a service's tasks stand, and what may reach them: its own group, those that let clients into
 * the database servers it uses, and the one that everything in the cluster has.
 */
export const serviceNetwork = (runtime: Runtime, build: Build) => {
  const { subnetIds, baseSecurityGroupId } = build.cluster.aws.ecsCluster;
  const clients = databasesOf(runtime, build.application).map(
    (database) => hostOf(database, build.cluster)?.clientSecurityGroupId,
  );
  const shared = [baseSecurityGroupId, ...clients].filter((group) => group !== undefined);
  return {
    AwsvpcConfiguration: {
      AssignPublicIp: 'DISABLED',
      SecurityGroups: [
        { 'Fn::GetAtt': [logicalIds.securityGroup(runtime.name), 'GroupId'] },
        ...[...new Set(shared)].sort(),
      ],
      Subnets: [...new Set(subnetIds)].sort(),
    },
  };
};
