import type { Cluster } from '../environment/cluster.ts';
import { fargateSize } from './fargate-size.ts';
import { hasOwnInterface, interfacePlace } from './network.ts';
import { sidecarSize } from './sidecar.ts';
import type { BuiltDatabase, MigrationContainer } from './template.ts';

/** Where a migration runs that runs on Fargate, and how large its task is; undefined on instances. */
export const migrationPlace = (
  { serverGroup }: Pick<BuiltDatabase, 'serverGroup'>,
  container: Pick<MigrationContainer, 'cpu' | 'memory' | 'sidecar' | 'serverGroups'>,
  cluster: Cluster,
) => {
  const { sidecar, serverGroups = [] } = container;
  const size = hasOwnInterface({ cluster })
    ? fargateSize(migrationDemand(container, sidecar !== undefined))
    : undefined;
  return size && { ...size, ...interfacePlace([serverGroup, ...serverGroups], cluster) };
};

/** CPU units and MiB that a migration asks for together with the sidecar, where it has one. */
export const migrationDemand = ({ cpu, memory }: Pick<MigrationContainer, 'cpu' | 'memory'>, hasSidecar: boolean) =>
  hasSidecar ? { cpu: cpu + sidecarSize.cpu, memory: memory + sidecarSize.memory } : { cpu, memory };
