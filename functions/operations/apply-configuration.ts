import type { ConfigurationFile, ReadConfiguration } from '../domain/configuration/configuration-error.ts';
import type { Finding } from '../domain/configuration/finding.ts';
import { checkAnswer, findingsOfCheck } from '../domain/environment/check-answer.ts';
import type { Cluster } from '../domain/environment/cluster.ts';
import { type Combined, combinedSchema } from '../domain/environment/combined.ts';
import { repositoryFrom } from '../domain/environment/repository-from.ts';
import { sameJson } from '../domain/same-json.ts';
import type { Ports, Repository } from '../ports.ts';
import { type NotePorts, noteHeads } from './note-heads.ts';

export type ApplyPorts = NotePorts &
  Pick<Ports, 'configuration' | 'readConfiguration' | 'events' | 'clock' | 'askCluster'>;

/**
 * Reads a combined file and stores its cluster, environments and repositories; nothing is stored when anything in the
 * file is wrong, or its cluster stack does not answer what the file says.
 */
export const applyConfiguration = async (
  ports: ApplyPorts,
  { file, actor }: { readonly file: ConfigurationFile; readonly actor: string },
): Promise<ReadConfiguration<Combined>> => {
  const read = ports.readConfiguration(combinedSchema, file);
  if (read.kind === 'invalid') return read;
  const { environments, repositories } = read.value;
  const { cluster, findings } = await answeredCluster(ports, read.value);
  if (findings.length > 0) return { kind: 'invalid', errors: findings.map(read.locate) };
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
 * The cluster of the file with what its stack answered. An environment whose cluster stands in another file is held
 * against what that one answered when it was applied.
 */
const answeredCluster = async (
  { askCluster, configuration }: Pick<Ports, 'askCluster' | 'configuration'>,
  { cluster, environments }: Combined,
): Promise<{ readonly cluster?: Cluster; readonly findings: readonly Finding[] }> => {
  if (!cluster) {
    const names = [...new Set(environments.map(({ clusterName }) => clusterName))];
    const known = await Promise.all(names.map((name) => configuration.findCluster(name)));
    const answered = known.flatMap((found) => (found?.answer ? [{ name: found.name, answer: found.answer }] : []));
    return { findings: answered.flatMap(({ name, answer }) => checkAnswer(environments, name, answer)) };
  }
  const check = await askCluster(cluster);
  if (check.kind !== 'answered') return { findings: findingsOfCheck(check) };
  const { answer } = check;
  return { cluster: { ...cluster, answer }, findings: checkAnswer(environments, cluster.name, answer) };
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
