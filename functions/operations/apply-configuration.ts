import type { ConfigurationFile, ReadConfiguration } from '../domain/configuration/configuration-error.ts';
import { type Combined, combinedSchema } from '../domain/environment/combined.ts';
import { repositoryFrom } from '../domain/environment/repository-from.ts';
import type { Ports } from '../ports.ts';

export type ApplyPorts = Pick<Ports, 'configuration' | 'readConfiguration' | 'events' | 'clock'>;

/**
 * Reads a combined file and stores its cluster, environments and repositories; nothing is stored when anything in the
 * file is wrong.
 */
export const applyConfiguration = async (
  ports: ApplyPorts,
  { file, actor }: { readonly file: ConfigurationFile; readonly actor: string },
): Promise<ReadConfiguration<Combined>> => {
  const read = ports.readConfiguration(combinedSchema, file);
  if (read.kind === 'invalid') return read;
  const { cluster, environments, repositories } = read.value;
  if (cluster) await ports.configuration.putCluster(cluster);
  for (const environment of environments) await ports.configuration.putEnvironment(environment);
  for (const repository of repositories) await ports.configuration.putRepository(repositoryFrom(repository));
  const at = ports.clock.now().toISOString();
  const detail = {
    cluster: cluster?.name ?? '',
    environments: environments.map(({ fullName }) => fullName),
    repositories: repositories.map(({ owner, name }) => `${owner}/${name}`),
  };
  await ports.events.append({ subject: 'configuration', at, type: 'ConfigurationApplied', actor, detail });
  return read;
};
