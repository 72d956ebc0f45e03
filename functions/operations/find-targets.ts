import { matchingTargets } from '../domain/push.ts';
import type { Request, RequestTarget } from '../domain/request.ts';
import type { Ports } from '../ports.ts';

export interface FoundTargets {
  readonly targets: readonly RequestTarget[];
  readonly reason: string;
}

/** The environments that a branch or tag deploys to; a manual request names its own. */
export const findTargets = async (
  { configuration }: Pick<Ports, 'configuration'>,
  { request }: { readonly request: Request },
): Promise<FoundTargets> => {
  const { environment, application, repository, ref = '' } = request;
  if (environment)
    return { targets: [{ environment, ...(application && { application }) }], reason: 'Named by the request' };
  const configured = repository && (await configuration.findRepository(repository.id));
  const targets = configured ? matchingTargets(configured.targets, ref) : [];
  return {
    targets,
    reason: targets.length > 0 ? `${targets.length} of its targets match ${ref}` : `No target matches ${ref}`,
  };
};
