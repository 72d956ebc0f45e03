import type { ClusterPorts } from '../ports.ts';

/** The ECS services of a stack as it stands, sorted. */
export const serviceArns = async (aws: ClusterPorts, stackName: string): Promise<readonly string[]> =>
  Object.values(await aws.stacks.resources(stackName))
    .filter(({ type }) => type === 'AWS::ECS::Service')
    .map(({ physicalId }) => physicalId)
    .sort();
