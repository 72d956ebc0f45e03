import { acceptedKey, newTargets } from '../domain/lost-push.ts';
import type { Ports, Repository, Target } from '../ports.ts';
import { type BranchHead, branchHeads } from './branch-heads.ts';
import { inTurns } from './in-turns.ts';

export type NotePorts = Pick<Ports, 'branches' | 'targets' | 'log'>;

export interface TargetChange {
  /** The targets before it. */
  readonly before: readonly Target[];
  readonly since: string;
}

/**
 * Notes where branches stand that a change of the configuration gives a new target: from here on they deploy when they
 * move, and a push that gets lost is found by it. What they held before is not deployed.
 */
export const noteHeads = async (ports: NotePorts, repository: Repository, change: TargetChange): Promise<void> =>
  noteTheseHeads(ports, repository, change, await branchHeads(ports, repository));

export const noteTheseHeads = async (
  { targets }: Pick<Ports, 'targets'>,
  repository: Repository,
  { before, since }: TargetChange,
  heads: readonly BranchHead[],
): Promise<void> => {
  const notes = heads.flatMap(({ ref, commit }) =>
    newTargets(ref, before, repository.targets).map((target) => ({
      key: acceptedKey({ repositoryId: repository.id, ref, ...target }),
      stands: { commit, application: '', n: 0, at: since },
    })),
  );
  await inTurns(notes, ({ key, stands }) => targets.accept(key, stands));
};
