import type { World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { type EcsArns, nameOf } from './ecs-arns.ts';
import type { ClusterRecord } from './ecs-records.ts';

export const clusterStore = (world: World, arns: EcsArns) => {
  const table = world.store.table<ClusterRecord>('ecs.clusters');
  const find = (arnOrName = 'default') => table.get(nameOf(arnOrName));
  return {
    find,
    /** @throws AwsError ClusterNotFoundException; a cluster that is left out means `default` */
    get: (arnOrName?: string): ClusterRecord => {
      const cluster = find(arnOrName);
      if (!cluster) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
      return cluster;
    },
    all: (): ClusterRecord[] => table.list().map(({ value }) => value),
    /** Making a cluster that exists gives the one there is. */
    make: (name = 'default', given: Partial<Pick<ClusterRecord, 'tags' | 'settings'>> = {}): ClusterRecord => {
      const known = find(name);
      if (known) return known;
      const cluster = { name, arn: arns.cluster(name), tags: given.tags ?? [], settings: given.settings ?? [] };
      table.put(name, cluster);
      return cluster;
    },
    put: (cluster: ClusterRecord): void => table.put(cluster.name, cluster),
    delete: (name: string): void => table.delete(name),
  };
};

export type Clusters = ReturnType<typeof clusterStore>;
