import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Memory, rememberedTable } from './remembered.ts';

/** Durable memory of the embedded cloud: named tables of JSON values, each write on disk before it returns. */
export interface Store {
  table<T>(name: string): Table<T>;
  /**
   * The same table for what is read again and again and seldom written: its answers are remembered until the next write,
   * and frozen. It does not see what another process writes.
   */
  remembered<T>(name: string): Table<T>;
  /** All writes of `run`, or none when it throws or the process dies in it; may be nested. `run` is synchronous. */
  atomically<T>(run: () => T): T;
  close(): void;
}

export interface Table<T> {
  get(key: string): T | undefined;
  put(key: string, value: T): void;
  delete(key: string): void;
  /** All rows whose key starts with `prefix`, in the order of their keys. */
  list(prefix?: string): { key: string; value: T }[];
}

/** Opens the store in a file (survives SIGKILL), or in memory when no file is named. */
export const openStore = (file?: string): Store => {
  if (file) mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file ?? ':memory:');
  // Room in memory for all of it: the default of two megabytes reads pages anew all the time.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000');
  database.exec(
    'CREATE TABLE IF NOT EXISTS rows (name TEXT, key TEXT, value TEXT, PRIMARY KEY (name, key)) WITHOUT ROWID',
  );
  const get = database.prepare('SELECT value FROM rows WHERE name = ? AND key = ?');
  const put = database.prepare('INSERT OR REPLACE INTO rows (name, key, value) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM rows WHERE name = ? AND key = ?');
  const list = database.prepare('SELECT key, value FROM rows WHERE name = ? AND key >= ? AND key < ? ORDER BY key');
  let depth = 0;
  const parsed = (row: unknown) => JSON.parse((row as { value: string }).value);
  const memories = new Map<string, Memory<unknown>>();
  const table = <T>(name: string): Table<T> => ({
    get: (key) => {
      const row = get.get(name, key);
      return row ? parsed(row) : undefined;
    },
    put: (key, value) => {
      put.run(name, key, JSON.stringify(value));
      memories.get(name)?.forget();
    },
    delete: (key) => {
      remove.run(name, key);
      memories.get(name)?.forget();
    },
    list: (prefix = '') =>
      // A range, not a comparison of prefixes: it uses the primary key. Nothing sorts after the last code point.
      list.all(name, prefix, `${prefix}\u{10FFFF}`).map((row) => ({ key: String(row['key']), value: parsed(row) })),
  });
  return {
    table,
    remembered: <T>(name: string): Table<T> => {
      const memory = (memories.get(name) as Memory<T> | undefined) ?? rememberedTable(table<T>(name));
      memories.set(name, memory);
      return { ...table<T>(name), get: memory.get, list: memory.list };
    },
    atomically: (run) => {
      if (depth === 0) database.exec('BEGIN');
      depth++;
      try {
        const result = run();
        if (depth === 1) database.exec('COMMIT');
        return result;
      } catch (error) {
        if (depth === 1) {
          database.exec('ROLLBACK');
          for (const memory of memories.values()) memory.forget();
        }
        throw error;
      } finally {
        depth--;
      }
    },
    close: () => database.close(),
  };
};
