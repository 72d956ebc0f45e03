import type { ConfigurationFile, ReadConfiguration } from '../domain/configuration/configuration-error.ts';
import { type Combined, combinedSchema } from '../domain/environment/combined.ts';
import { repositoryFrom } from '../domain/environment/repository-from.ts';
import { sameJson } from '../domain/same-json.ts';
import type { Ports, Repository } from '../ports.ts';
import { type NotePorts, noteHeads } from './note-heads.ts';

export type ApplyPorts = NotePorts & Pick<Ports, 'configuration' | 'readConfiguration' | 'events' | 'clock'>;

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
  const at = ports.clock.now().toISOString();
  for (const repository of repositories)
    await ports.configuration.putRepository(await withHeadsNoted(ports, repositoryFrom(repository), at));
  const detail = {
    cluster: cluster?.name ?? '',
    environments: environments.map(({ fullName }) => fullName),
    repositories: repositories.map(({ owner, name }) => `${owner}/${name}`),
  };
  await ports.events.append({ subject: 'configuration', at, type: 'ConfigurationApplied', actor, detail });
  return read;
};

/**
 * Notes where the branches stand before the new targets count, so that what was pushed until now is not deployed and what
 * is pushed from now on is not lost. GitHub that cannot be asked is no reason to refuse a configuration: it is asked later.
 */
const withHeadsNoted = async (ports: ApplyPorts, repository: Repository, since: string): Promise<Repository> => {
  const standing = await ports.configuration.findRepository(repository.id);
  const change = standing?.headsUnknown ?? { since, before: standing?.targets ?? [] };
  if (sameJson(change.before, repository.targets)) return repository;
  try {
    await noteHeads(ports, repository, change);
    return repository;
  } catch (error) {
    const { owner, name } = repository;
    ports.log.error('HeadsUnknown', {
      repository: `${owner}/${name}`,
      so: 'the configuration is stored, and where its branches stand is noted as soon as GitHub answers',
      error: String(error),
    });
    return { ...repository, headsUnknown: change };
  }
};
