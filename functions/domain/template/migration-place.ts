import type { Cluster } from '../environment/cluster.ts';
import { fargateSize } from './fargate-size.ts';
import { hasOwnInterface, interfacePlace } from './network.ts';
import type { BuiltDatabase, MigrationContainer } from './template.ts';

/** Where a migration runs that runs on Fargate, and how large its task is; undefined on instances. */
export const migrationPlace = (
  { serverGroup }: Pick<BuiltDatabase, 'serverGroup'>,
  container: Pick<MigrationContainer, 'cpu' | 'memory'>,
  cluster: Cluster,
) => {
  const size = hasOwnInterface({ cluster }) ? fargateSize(container) : undefined;
  return size && { ...size, ...interfacePlace([serverGroup], cluster) };
};
