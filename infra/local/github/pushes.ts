import type { World } from '../part.ts';
import type { Deliveries, Delivery } from './deliveries.ts';
import { ZERO_SHA } from './git-repository.ts';
import { pushPayload, type RefChange } from './push-payload.ts';
import type { Repository } from './repository.ts';

export type OnPush = (repositoryName: string, ref: string, before: string, after: string) => Promise<void>;

/** GitHub makes no events for tags when more than this many are pushed at once. */
const MOST_TAGS = 3;

/**
 * Notices what moved in a repository and tells it: first to `onPush`, then by a delivery. What was told is kept, so that a
 * push which a kill cut short is told at the next start.
 */
export const pushesOf = (world: World, deliveries: Deliveries, installationId: number, onPush: OnPush | undefined) => {
  const told = world.store.table<Record<string, string>>('github.refs');
  let telling: Promise<void> = Promise.resolve();

  const tell = (repository: Repository, change: RefChange, delivery: Delivery | undefined) => {
    telling = telling
      .then(() => onPush?.(repository.name, change.ref, change.before, change.after))
      .catch((error: unknown) => world.log(`After the push to ${repository.name} ${change.ref}: ${error}`))
      .then(() => delivery && deliveries.send(delivery));
  };

  const announce = async (repository: Repository): Promise<void> => {
    const key = String(repository.id);
    const refsBefore = new Map(Object.entries(told.get(key) ?? {}));
    const refsNow = await repository.git.refs();
    const changes = changesBetween(refsBefore, refsNow);
    const isQuiet = (change: RefChange) => isTag(change) && changes.filter(isTag).length > MOST_TAGS;
    const events = [];
    for (const change of changes) {
      const payload = isQuiet(change)
        ? undefined
        : await pushPayload(repository, change, installationId, world.clock.now());
      events.push({ change, payload });
    }
    // Recorded before it counts as told: better the same push twice than never.
    const recorded = events.map(({ change, payload }) => ({
      change,
      delivery: payload && deliveries.record('push', repository.id, payload),
    }));
    told.put(key, Object.fromEntries(refsNow));
    for (const { change, delivery } of recorded) tell(repository, change, delivery);
  };

  return {
    announce,
    resend: (open: readonly Delivery[]) => {
      for (const delivery of open) telling = telling.then(() => deliveries.send(delivery));
    },
    /** Ends when everything noticed so far has been told. */
    settled: async (): Promise<void> => {
      for (let last: unknown; last !== telling; ) {
        last = telling;
        await telling;
      }
    },
  };
};

const isTag = ({ ref }: RefChange) => ref.startsWith('refs/tags/');

const changesBetween = (refsBefore: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): RefChange[] =>
  [...new Set([...refsBefore.keys(), ...now.keys()])]
    .filter((ref) => /^refs\/(heads|tags)\//.test(ref))
    .map((ref) => ({ ref, before: refsBefore.get(ref) ?? ZERO_SHA, after: now.get(ref) ?? ZERO_SHA, refsBefore }))
    .filter(({ before, after }) => before !== after);
