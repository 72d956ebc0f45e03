import { checkCluster } from '../operations/check-cluster.ts';
import { step } from '../runtime/step.ts';
import { basics } from '../runtime/wiring/basics.ts';
import { clusterProbe } from '../runtime/wiring/cluster-probe.ts';
import { clusters } from '../runtime/wiring/clusters.ts';

export const handler = step('check-cluster', checkCluster, { ...clusters, ...clusterProbe, clock: basics.clock });
