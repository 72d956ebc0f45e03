import { branchPrefixes } from '../domain/lost-push.ts';
import { matchingTargets } from '../domain/push.ts';
import type { Ports, Repository } from '../ports.ts';

export interface BranchHead {
  readonly ref: string;
  readonly commit: string;
}

/** More branches of one repository than anybody deploys: what lies behind them waits for its own push. */
const MOST_BRANCHES = 1000;

/**
 * Where the branches stand that the targets of a repository are about, by name: one call to GitHub for each beginning of
 * their globs, most often one for all.
 */
export const branchHeads = async (
  { branches, log }: Pick<Ports, 'branches' | 'log'>,
  repository: Pick<Repository, 'id' | 'owner' | 'name' | 'installationId' | 'targets'>,
): Promise<readonly BranchHead[]> => {
  const { id, owner, name, installationId, targets } = repository;
  const found = new Map<string, string>();
  let complete = true;
  for (const prefix of branchPrefixes(targets)) {
    const listed = await branches.list({ id, owner, name, installationId }, prefix);
    complete &&= listed.complete;
    for (const [ref, commit] of Object.entries(listed.heads))
      if (matchingTargets(targets, ref).length > 0) found.set(ref, commit);
  }
  const heads = [...found].map(([ref, commit]) => ({ ref, commit })).sort((a, b) => (a.ref < b.ref ? -1 : 1));
  if (!complete || heads.length > MOST_BRANCHES) {
    log.error('BranchesUnseen', { repository: `${owner}/${name}`, read: Math.min(heads.length, MOST_BRANCHES) });
    log.count('BranchesUnseen');
  }
  return heads.slice(0, MOST_BRANCHES);
};
