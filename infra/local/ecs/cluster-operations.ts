import type { Input, Operation } from '../wire/service.ts';
import { nameOf } from './ecs-arns.ts';
import type { ClusterRecord } from './ecs-records.ts';
import type { EcsState } from './ecs-state.ts';

export const clusterOperations = ({
  arns,
  clusters,
  services,
  tasks,
}: EcsState): Readonly<Record<string, Operation>> => {
  const view = (cluster: ClusterRecord, include: readonly string[] = []) => {
    const its = tasks.shown().filter(({ clusterName }) => clusterName === cluster.name);
    const active = services.all().filter((one) => one.clusterName === cluster.name && one.status === 'ACTIVE');
    return {
      clusterArn: cluster.arn,
      clusterName: cluster.name,
      status: 'ACTIVE',
      registeredContainerInstancesCount: 1,
      runningTasksCount: its.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
      pendingTasksCount: its.filter(({ lastStatus }) => lastStatus === 'PENDING').length,
      activeServicesCount: active.length,
      settings: cluster.settings,
      ...(include.includes('TAGS') ? { tags: cluster.tags } : {}),
    };
  };
  return {
    CreateCluster: {
      run: ({ clusterName, tags, settings }) => ({ cluster: view(clusters.make(clusterName, { tags, settings })) }),
    },
    DescribeClusters: {
      resources: (input) => asked(input).map((one) => arns.cluster(nameOf(one))),
      run: (input) => {
        const found = asked(input).map((name) => ({ name, cluster: clusters.find(name) }));
        return {
          clusters: found.flatMap(({ cluster }) => (cluster ? [view(cluster, input.include)] : [])),
          failures: found
            .filter(({ cluster }) => !cluster)
            .map(({ name }) => ({ arn: arns.cluster(nameOf(name)), reason: 'MISSING' })),
        };
      },
    },
  };
};

const asked = ({ clusters }: Input): string[] => clusters ?? ['default'];
