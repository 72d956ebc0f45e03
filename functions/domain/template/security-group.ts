import type { Runtime } from '../application/runtime.ts';
import { type Build, type Resources, ref } from './build.ts';
import { logicalIds } from './names.ts';
import { routeTargets } from './target-group.ts';

/** What may reach the containers of a runtime. In bridge mode it is attached to nothing; it belongs to the original's set. */
export const securityGroup = (runtime: Runtime, { stack }: Build): Resources => {
  const ports = [...new Set(routeTargets(runtime).map(({ port }) => port))].sort((a, b) => a - b);
  return {
    [logicalIds.securityGroup(runtime.name)]: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: `Containers of ${stack} ${runtime.name}`,
        VpcId: ref('VPCID'),
        ...(ports.length > 0 && {
          SecurityGroupIngress: ports.map((port) => ({
            IpProtocol: 'tcp',
            FromPort: port,
            ToPort: port,
            SourceSecurityGroupId: ref('LoadBalancerSecurityGroup'),
          })),
        }),
      },
    },
  };
};
