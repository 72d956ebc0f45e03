import { deploymentIdFrom, manualDeploymentIdFrom } from '../domain/deployment/deployment-id.ts';
import type { Release } from '../domain/release.ts';
import type { Request } from '../domain/request.ts';
import { targetKey } from '../domain/target-head.ts';
import type { Ports, TargetHead } from '../ports.ts';

export type PlacePorts = Pick<Ports, 'targets' | 'source' | 'hash'>;

/** Where a commit stands in the history of its target: what its deployment is called after. */
export type Place =
  | { readonly kind: 'placed'; readonly id: string; readonly head?: TargetHead }
  | { readonly kind: 'overtaken'; readonly reason: string };

/** Where a target stood, and then, at GitHub, its branch or tag. */
interface Look {
  readonly head: TargetHead | undefined;
  /** Why the commit comes too late. */
  readonly late: string | undefined;
}

/**
 * The target is read before GitHub is asked: a newer push that is accepted in between has moved the target, and the
 * write that rests on this look is refused. Undefined for a request that has no place in the history of a target.
 */
export const lookAt = async (
  ports: Pick<PlacePorts, 'targets' | 'source'>,
  request: Request,
  names: Pick<Release, 'environment' | 'application'>,
): Promise<Look | undefined> => {
  const target = targetOf(request, names);
  if (!target) return undefined;
  const head = await ports.targets.find(targetKey(target));
  return { head, late: head?.after === request.commit ? undefined : await overtaken(ports, request) };
};

const targetOf = (
  { kind, repository, ref, commit }: Request,
  { environment, application }: Pick<Release, 'environment' | 'application'>,
) =>
  kind === 'manual' || !repository || !ref || !commit
    ? undefined
    : { repositoryId: repository.id, ref, environment, application, after: commit };

/** The deployment's id, from where its commit stands in the history of its target; moves the target on to the commit. */
export const placeOf = async (
  ports: PlacePorts,
  request: Request,
  release: Release,
  seen: Look | undefined,
): Promise<Place> => {
  const { environment, application } = release;
  const target = targetOf(request, release);
  if (!target)
    return { kind: 'placed', id: manualDeploymentIdFrom(ports.hash, { id: request.id, environment, application }) };
  for (let look = seen; ; look = await lookAt(ports, request, release)) {
    const { head, late } = look ?? {};
    const idOf = (place: TargetHead) => deploymentIdFrom(ports.hash, { ...target, ...place });
    if (head?.after === target.after) return { kind: 'placed', id: idOf(head), head };
    if (late) return { kind: 'overtaken', reason: late };
    const next = { after: target.after, n: (head?.n ?? 0) + 1 };
    const moved = await ports.targets.move(targetKey(target), head, next);
    if (moved.kind !== 'refused') return { kind: 'placed', id: idOf(next), head: next };
  }
};

/** A late or replayed delivery must not roll an environment back. */
const overtaken = async (
  { source }: Pick<Ports, 'source'>,
  { repository, ref, commit }: Request,
): Promise<string | undefined> => {
  if (!repository || !ref || !commit) return undefined;
  const head = await source.head(repository, ref);
  if (head === commit) return undefined;
  if (!head) return `${ref} has been deleted since`;
  const stands = await source.compare(repository, head, commit);
  return stands === 'ahead' || stands === 'identical' ? undefined : `${ref} has moved on to ${head.slice(0, 12)}`;
};
