import type { DocumentStore } from '../../ports.ts';

/** A release may be a megabyte. */
const MOST_KEPT = 10;

/** Documents never change: one that was read is not read again while the function's instance lives. */
export const rememberedDocuments = (store: DocumentStore): DocumentStore => {
  const kept = new Map<string, unknown>();
  return {
    ...store,
    find: async <T>(key: string) => {
      if (kept.has(key)) return kept.get(key) as T;
      const found = await store.find<T>(key);
      if (found === undefined) return undefined;
      kept.set(key, found);
      for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
      return found;
    },
  };
};
