import type { QueueEntry, Supersession } from './stack.ts';

/** Ids of so many entries stay far below the 400 KB of an item; who waits behind more has another problem. */
export const QUEUE_CAP = 100;

export interface Joined {
  readonly queue: readonly QueueEntry[];
  readonly superseded: readonly Supersession[];
}

/** First in, first out: by the order of the writes that accepted them, never by wall clock. */
export const append = (queue: readonly QueueEntry[], entry: QueueEntry): Joined => ({
  queue: [...queue, entry],
  superseded: [],
});

/**
 * What must not be skipped: whatever is no full deployment of a branch, such as a pin by hand or a strategy of its own,
 * and a release that brings a migration marked must-run.
 */
const mustStay = ({ kind, mustRun }: QueueEntry): boolean => kind === 'other' || mustRun === true;

/**
 * The newcomer takes the place of the oldest queued full deployment of its branch that it replaces: walking back from
 * the newest, up to the first entry that must not be skipped.
 */
export const supersedeOlder = (queue: readonly QueueEntry[], newcomer: QueueEntry): Joined => {
  const skippableFrom = queue.findLastIndex(mustStay) + 1;
  const replaced = queue.slice(skippableFrom).filter((entry) => isFullOf(newcomer.ref, entry));
  const [oldest] = replaced;
  if (!oldest || newcomer.kind !== 'full') return append(queue, newcomer);
  return {
    queue: queue.map((entry) => (entry === oldest ? newcomer : entry)).filter((entry) => !replaced.includes(entry)),
    superseded: supersededBy(newcomer, replaced),
  };
};

/**
 * After a break the newest full deployment of a branch runs first and its older ones never: they would bring back what
 * broke. Entries behind one that must not be skipped keep their place, so the answer may be the queue as it was; one
 * that brings a migration marked must-run may be the newest itself.
 */
export const newestFirst = (queue: readonly QueueEntry[], ref: string | undefined): Joined => {
  const barrier = queue.findIndex(mustStay);
  const mine = queue.slice(0, barrier < 0 ? queue.length : barrier + 1).filter((entry) => isFullOf(ref, entry));
  const newest = mine.at(-1);
  if (!newest) return { queue, superseded: [] };
  return {
    queue: [newest, ...queue.filter((entry) => !mine.includes(entry))],
    superseded: supersededBy(newest, mine.slice(0, -1)),
  };
};

const isFullOf = (ref: string | undefined, entry: QueueEntry): boolean =>
  ref !== undefined && entry.kind === 'full' && entry.ref === ref;

const supersededBy = (newest: QueueEntry, older: readonly QueueEntry[]): readonly Supersession[] =>
  older.map(({ deploymentId }) => ({ deploymentId, by: newest.deploymentId }));
