import type { ClusterSite } from '../../infra/aws/stage.ts';
import type { Deployed } from './control-plane.ts';
import { type Diagnosis, missing, ok } from './diagnosis.ts';

/** The configuration knows the cluster, and the cluster's stack agrees with it. */
export const checkClusterStack = async ({ ports, call }: Deployed, { name }: ClusterSite): Promise<Diagnosis> => {
  const cluster = await ports.configuration.findCluster(name);
  if (!cluster) return missing(`No configuration speaks of the cluster ${name}`, apply(call));
  const check = await ports.askCluster(cluster);
  switch (check.kind) {
    case 'silent':
      return missing(check.message, check.remedy);
    case 'different':
      return missing(
        check.differences
          .map(({ keyPath, configured, found }) => `${keyPath} is ${configured}, not ${found}`)
          .join('; '),
        check.remedy,
      );
    case 'answered':
      return ok(`version ${check.answer.version}, for ${check.answer.environments.join(', ')}`);
  }
};

/** The environment is configured, belongs to the cluster, and the cluster's stack has roles for it. */
export const checkEnvironment = async (
  { ports, call }: Deployed,
  name: string,
  site: ClusterSite,
): Promise<Diagnosis> => {
  const environment = await ports.configuration.findEnvironment(name);
  if (!environment) return missing(`No configuration speaks of the environment ${name}`, apply(call));
  return environment.clusterName === site.name
    ? ok(`of the cluster ${site.name}`)
    : missing(
        `The configuration puts ${name} into the cluster ${environment.clusterName}, the stage into ${site.name}`,
        'Correct one of the two: infra/aws/stages.ts, or the file of slipway apply',
      );
};

const apply = (call: Deployed['call']): string =>
  `Describe it in a file as examples/local.yaml does, and run ${call('apply FILE')}`;
