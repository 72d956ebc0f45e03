/**
 * Runs every node after those it needs, independent ones side by side; `run` says whether its node succeeded. A node whose needs
 * failed, or that is reached after `halted`, does not start. Resolves when nothing is under way any more.
 */
export const runGraph = async (
  graph: ReadonlyMap<string, readonly string[]>,
  run: (node: string) => Promise<boolean>,
  halted: () => boolean,
): Promise<void> => {
  const started = new Map<string, Promise<boolean>>();
  const settle = (node: string): Promise<boolean> => {
    const known = started.get(node);
    if (known) return known;
    const outcome = whenReady(node);
    started.set(node, outcome);
    return outcome;
  };
  const whenReady = async (node: string): Promise<boolean> => {
    const needs = (graph.get(node) ?? []).filter((needed) => graph.has(needed));
    const ready = await Promise.all(needs.map(settle));
    return ready.every(Boolean) && !halted() && run(node);
  };
  await allSettled([...graph.keys()].map(settle));
};

/** Unlike Promise.all, waits for the rest before it passes the first failure on. */
const allSettled = async (work: readonly Promise<unknown>[]) => {
  const failed = (await Promise.allSettled(work)).find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
};

/** The same nodes with each edge turned round, less those that would close a circle. */
export const reversed = (graph: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> => {
  const turned = new Map<string, string[]>([...graph.keys()].map((node) => [node, []]));
  const reaches = (from: string, to: string): boolean =>
    from === to || (turned.get(from) ?? []).some((next) => reaches(next, to));
  for (const [node, needs] of graph)
    for (const needed of needs) if (turned.has(needed) && !reaches(node, needed)) turned.get(needed)?.push(node);
  return turned;
};
