import type { Cluster } from '../domain/environment/cluster.ts';
import type { Environment } from '../domain/environment/environment.ts';
import type { Release } from '../domain/release.ts';
import type { Stack } from '../domain/stack/stack.ts';
import type { ClusterPorts } from '../ports.ts';

/** A release and what it is to meet: all that a plan is made from, whether a deployment asks for it or a preview. */
export interface Planning {
  readonly release: Release;
  readonly environment: Environment;
  readonly cluster: Cluster;
  readonly aws: ClusterPorts;
  readonly stack: Pick<Stack, 'name' | 'counts' | 'release'>;
}
