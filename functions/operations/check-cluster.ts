import type { Cluster } from '../domain/environment/cluster.ts';
import { type ClusterCheck, clusterStackName, judgeOutputs } from '../domain/environment/cluster-check.ts';
import type { Ports } from '../ports.ts';

/**
 * Asks a cluster stack what it made, by the very way that steps will take: the deploy role with its external id. One
 * call; whatever cannot be asked is silent, whatever the reason.
 */
export const checkCluster = async (
  { inCluster, probeCluster, clock }: Pick<Ports, 'inCluster' | 'probeCluster' | 'clock'>,
  { cluster, probe }: { readonly cluster: Cluster; readonly probe?: string },
): Promise<ClusterCheck> => {
  const name = clusterStackName(cluster);
  const { awsAccount, awsRegion, deployRoleArn } = cluster.aws;
  const place = `account ${awsAccount}, ${awsRegion}`;
  const deploy = `Deploy the cluster stack ${name} there (npm run deploy), then apply the configuration again`;
  try {
    const stack = await inCluster(cluster).stacks.find(name);
    if (!stack) return { kind: 'silent', message: `There is no stack ${name} in ${place}`, remedy: deploy };
    if (!stack.usable)
      return { kind: 'silent', message: `The stack ${name} in ${place} stands at ${stack.status}`, remedy: deploy };
    if (probe !== undefined) await probeCluster(cluster, probe);
    return judgeOutputs(cluster, stack.outputs, clock.now().toISOString());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      kind: 'silent',
      message: `The stack ${name} in ${place} cannot be asked as ${deployRoleArn}: ${why}`,
      remedy: `Compare deployRoleArn and externalId with the stage's file. ${deploy}`,
    };
  }
};
