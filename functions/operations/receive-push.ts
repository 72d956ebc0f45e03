import { isBranch, pushRequestKey } from '../domain/lost-push.ts';
import { matchingTargets } from '../domain/push.ts';
import { receivedFrom } from '../domain/receive.ts';
import type { Request, RequestTarget } from '../domain/request.ts';
import type { Ports, Repository } from '../ports.ts';

export interface Received {
  readonly outcome: 'RECEIVED' | 'IGNORED' | 'REJECTED';
  readonly reason: string;
  readonly request?: Request;
  /** What is to be deployed; nothing, unless it was received. */
  readonly targets: readonly RequestTarget[];
}

/**
 * What a push or a manual request means to us, and the environments that it deploys to. A repository that nobody
 * configured ends it here, and so does one that took the name of a configured one: the number must match too.
 */
export const receivePush = async (
  { configuration, targets, clock }: Pick<Ports, 'configuration' | 'targets' | 'clock'>,
  { input }: { readonly input: unknown },
): Promise<Received> => {
  const received = receivedFrom(input);
  if (received.outcome !== 'RECEIVED') return { ...received, targets: [] };
  const { request, repositoryName } = received;
  if (request.inline !== undefined) return { outcome: 'RECEIVED', request, ...found(request) };
  const repository = await findRepository({ configuration }, request, repositoryName);
  if (!repository)
    return {
      outcome: 'IGNORED',
      reason: await unknownRepository({ configuration }, request, repositoryName),
      targets: [],
    };
  await noteRequest({ targets, clock }, request, repository);
  const { id, owner, name, installationId } = repository;
  const known = { ...request, repository: { id, owner, name, installationId } };
  return { outcome: 'RECEIVED', request: known, ...found(known, repository) };
};

/** The environments that a branch or tag deploys to; a manual request names its own. */
const found = (
  { environment, application, ref = '' }: Request,
  repository?: Repository,
): Pick<Received, 'targets' | 'reason'> => {
  if (environment)
    return { targets: [{ environment, ...(application && { application }) }], reason: 'Named by the request' };
  const targets = repository ? matchingTargets(repository.targets, ref) : [];
  return {
    targets,
    reason: targets.length > 0 ? `${targets.length} of its targets match ${ref}` : `No target matches ${ref}`,
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
