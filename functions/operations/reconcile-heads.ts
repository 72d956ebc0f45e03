import { acceptedKey, isLost, pushRequestKey } from '../domain/lost-push.ts';
import { matchingTargets } from '../domain/push.ts';
import type { Ports, Repository } from '../ports.ts';
import { type BranchHead, branchHeads } from './branch-heads.ts';
import { inTurns } from './in-turns.ts';
import { type NotePorts, noteTheseHeads } from './note-heads.ts';

export type HeadsPorts = NotePorts & Pick<Ports, 'configuration' | 'machines' | 'hash'>;

export interface Heads {
  /** Branches whose lost pushes are found here, so that nobody else has to see to them. */
  readonly compared: readonly string[];
  /** Requests that this call has started. */
  readonly started: number;
}

/**
 * Compares the heads of a repository's branches with what was accepted of them, and starts the request that a push would
 * have started for those nobody told us of. Two that do so at once start it once.
 */
export const reconcileHeads = async (ports: HeadsPorts, repository: Repository): Promise<Heads> => {
  const heads = await branchHeads(ports, repository);
  const { headsUnknown: change } = repository;
  if (change) {
    await noteTheseHeads(ports, repository, change, heads);
    await ports.configuration.headsKnown(repository.id, change.since);
  }
  const started = await inTurns(heads, (head) => reconcileHead(ports, repository, head));
  return {
    // What was noted just now may have moved before: GitHub's failed deliveries tell of that.
    compared: change ? [] : heads.map(({ ref }) => ref),
    started: started.filter(Boolean).length,
  };
};

const NOWHERE = '0'.repeat(40);

/** True when this call has started a request for it. */
const reconcileHead = async (
  { targets, machines, hash }: HeadsPorts,
  { id: repositoryId, owner, name, targets: configured }: Repository,
  { ref, commit }: BranchHead,
): Promise<boolean> => {
  const keys = matchingTargets(configured, ref).map((target) => acceptedKey({ repositoryId, ref, ...target }));
  const accepted = await Promise.all(keys.map((key) => targets.findAccepted(key)));
  if (accepted.every((last) => last?.commit === commit)) return false;
  const request = await targets.findRequest(pushRequestKey({ repositoryId, ref, commit }));
  if (!isLost(commit, accepted, request)) return false;
  // The name changes when a branch comes back to a commit that was requested before.
  const id = `reconcile-${hash(JSON.stringify([repositoryId, ref, commit, request?.at ?? ''])).slice(0, 24)}`;
  const before = accepted.find((last) => last !== undefined)?.commit ?? NOWHERE;
  const { kind } = await machines.start('request', id, {
    kind: 'push',
    deliveryId: id,
    repositoryId,
    owner,
    name,
    ref,
    before,
    after: commit,
    actor: 'slipway',
  });
  return kind === 'started';
};
