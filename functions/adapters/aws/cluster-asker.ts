import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { ClusterCheck } from '../../domain/environment/cluster-check.ts';
import type { AskCluster } from '../../ports.ts';

/**
 * Asks through the function `check-cluster`.
 * @throws Error when the function itself fails, which says nothing about the cluster.
 */
export const lambdaClusterAsker =
  (client: LambdaClient, functionArn: string): AskCluster =>
  async (cluster, probe) => {
    const question = JSON.stringify({ cluster, ...(probe !== undefined && { probe }) });
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName: functionArn, Payload: new TextEncoder().encode(question) }),
    );
    const text = new TextDecoder().decode(Payload);
    if (FunctionError) throw new Error(`The function check-cluster failed, and the cluster was not asked: ${text}`);
    return JSON.parse(text) as ClusterCheck;
  };
