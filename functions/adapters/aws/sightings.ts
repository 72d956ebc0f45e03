import type { TableShape } from '../../tables.ts';

/** An item as it was seen, and how often it had been written by then; revision 0 is none at all. */
export interface Standing<T> {
  readonly record: T | undefined;
  readonly revision: number;
}

export interface Sightings<T> {
  of(key: object): Standing<T> | undefined;
  /** Remembers it, and answers it. */
  keep(key: object, standing: Standing<T>): Standing<T>;
}

/** Far more items than one call of a function touches. */
const MOST_KEPT = 100;

/**
 * What was last seen of a table's items. It answers no read, because others write, too: it is what a conditional write is
 * tried on first, and such a write is refused where it is out of date.
 */
export const sightings = <T>({ partitionKey, sortKey = '' }: TableShape): Sightings<T> => {
  const kept = new Map<string, Standing<T>>();
  const nameOf = (key: object) => {
    const parts = new Map<string, unknown>(Object.entries(key));
    return JSON.stringify([parts.get(partitionKey), parts.get(sortKey)]);
  };
  return {
    of: (key) => kept.get(nameOf(key)),
    keep: (key, standing) => {
      const name = nameOf(key);
      // An index may lag behind what a read or a write has shown already.
      if ((kept.get(name)?.revision ?? 0) > standing.revision) return standing;
      kept.delete(name);
      kept.set(name, standing);
      for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
      return standing;
    },
  };
};
