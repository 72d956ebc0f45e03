import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { eventBridgeProbe } from '../../adapters/aws/event-probe.ts';
import type { ProbeCluster } from '../../ports.ts';
import type { World } from '../world.ts';
import { clusterSettings } from './cluster-settings.ts';

/** Apart from the other ports of a cluster: one function alone pays for this client. */
export const clusterProbe = {
  probeCluster:
    (world: World): ProbeCluster =>
    (cluster, nonce) =>
      eventBridgeProbe(new EventBridgeClient(clusterSettings(world, cluster)))(cluster, nonce),
};
