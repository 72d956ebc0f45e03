/** Who may touch a table when: writes one after the other, reads at any time, a rebuild alone. */
export interface TableTurns {
  write<T>(tables: readonly string[], run: () => Promise<T>): Promise<T>;
  read<T>(tables: readonly string[], run: () => Promise<T>): Promise<T>;
  alone<T>(table: string, run: () => Promise<T>): Promise<T>;
}

export const tableTurns = (): TableTurns => {
  const writes = new Map<string, Promise<unknown>>();
  const rebuilds = new Map<string, Promise<unknown>>();

  const inTurn = <T>(queue: Map<string, Promise<unknown>>, table: string, run: () => Promise<T>): Promise<T> => {
    const mine = (queue.get(table) ?? Promise.resolve()).then(run);
    const settled = mine.catch(() => undefined);
    queue.set(table, settled);
    void settled.then(() => {
      if (queue.get(table) === settled) queue.delete(table);
    });
    return mine;
  };
  const write = <T>([table, ...others]: readonly string[], run: () => Promise<T>): Promise<T> =>
    table === undefined ? run() : inTurn(writes, table, () => write(others, run));

  return {
    // Sorted, so that two batches over the same tables never wait for each other.
    write: (tables, run) => write([...new Set(tables)].sort(), run),
    read: async (tables, run) => {
      await Promise.all(tables.map((table) => rebuilds.get(table)));
      return run();
    },
    alone: (table, run) => inTurn(rebuilds, table, () => write([table], run)),
  };
};
