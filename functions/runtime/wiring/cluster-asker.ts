import { LambdaClient } from '@aws-sdk/client-lambda';
import { lambdaClusterAsker } from '../../adapters/aws/cluster-asker.ts';
import type { AskCluster } from '../../ports.ts';
import { requiredVariables } from '../environment.ts';
import type { World } from '../world.ts';

/** For the command line: functions ask by themselves. */
export const clusterAsker = {
  askCluster: ({ aws, environment }: World): AskCluster => {
    const { CHECK_CLUSTER_FUNCTION_ARN } = requiredVariables(environment, ['CHECK_CLUSTER_FUNCTION_ARN']);
    return lambdaClusterAsker(new LambdaClient(aws), CHECK_CLUSTER_FUNCTION_ARN);
  },
};
