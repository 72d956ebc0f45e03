import type { Table } from './store.ts';

/** What a table answered since its last write. */
export interface Memory<T> extends Pick<Table<T>, 'get' | 'list'> {
  forget(): void;
}

/** Rows are parsed once and frozen, because every caller gets the same ones. */
export const rememberedTable = <T>(table: Pick<Table<T>, 'get' | 'list'>): Memory<T> => {
  const values = new Map<string, T | undefined>();
  const lists = new Map<string, readonly { key: string; value: T }[]>();
  return {
    get: (key) => {
      if (!values.has(key)) values.set(key, frozen(table.get(key)));
      return values.get(key);
    },
    list: (prefix = '') => {
      const rows = lists.get(prefix) ?? frozen(table.list(prefix));
      lists.set(prefix, rows);
      return [...rows];
    },
    forget: () => {
      values.clear();
      lists.clear();
    },
  };
};

const frozen = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
};
