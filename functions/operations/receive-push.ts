import { isBranch, pushRequestKey } from '../domain/lost-push.ts';
import { matchingTargets } from '../domain/push.ts';
import { receivedFrom } from '../domain/receive.ts';
import type { Request } from '../domain/request.ts';
import type { Ports, Repository } from '../ports.ts';

export interface Received {
  readonly outcome: 'RECEIVED' | 'IGNORED' | 'REJECTED';
  readonly reason: string;
  readonly request?: Request;
}

/**
 * What a push or a manual request means to us. A repository that nobody configured ends it here, and so does one that
 * took the name of a configured one: the number must match too.
 */
export const receivePush = async (
  { configuration, targets, clock }: Pick<Ports, 'configuration' | 'targets' | 'clock'>,
  { input }: { readonly input: unknown },
): Promise<Received> => {
  const received = receivedFrom(input);
  if (received.outcome !== 'RECEIVED') return received;
  const { request, repositoryName } = received;
  if (request.inline !== undefined) return { outcome: 'RECEIVED', reason: 'Inline configuration', request };
  const repository = await findRepository({ configuration }, request, repositoryName);
  if (!repository)
    return { outcome: 'IGNORED', reason: await unknownRepository({ configuration }, request, repositoryName) };
  await noteRequest({ targets, clock }, request, repository);
  const { id, owner, name, installationId } = repository;
  return {
    outcome: 'RECEIVED',
    reason: 'Known repository',
    request: { ...request, repository: { id, owner, name, installationId } },
  };
};

/** From now on this execution stands for the commit: nobody has to look whether its push was lost. */
const noteRequest = async (
  { targets, clock }: Pick<Ports, 'targets' | 'clock'>,
  { id, kind, ref, commit }: Request,
  repository: Repository,
): Promise<void> => {
  if (kind !== 'push' || !ref || !commit || !isBranch(ref)) return;
  if (matchingTargets(repository.targets, ref).length === 0) return;
  const key = pushRequestKey({ repositoryId: repository.id, ref, commit });
  await targets.putRequest(key, { id, at: clock.now().toISOString() });
};

const findRepository = async (
  { configuration }: Pick<Ports, 'configuration'>,
  { repository }: Request,
  fullName: string | undefined,
): Promise<Repository | undefined> => {
  if (repository) return configuration.findRepository(repository.id);
  const [owner = '', name = ''] = fullName?.split('/') ?? [];
  return configuration.findRepositoryByName(owner, name);
};

/** For people: which of the two it is, a stranger or a look-alike. */
const unknownRepository = async (
  { configuration }: Pick<Ports, 'configuration'>,
  { repository }: Request,
  fullName = '',
): Promise<string> => {
  const [owner = '', name = ''] = fullName.split('/');
  const namesake = repository && (await configuration.findRepositoryByName(owner, name));
  return namesake
    ? `Repository ${fullName} has the number ${repository.id} at GitHub, and the one that is configured under this name has ${namesake.id}`
    : `Repository ${fullName} is not configured`;
};
