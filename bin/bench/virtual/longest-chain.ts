/** What this needs of a history event of Step Functions. */
export interface ChainEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestampMillis: number;
  readonly type: string;
  readonly stateEnteredEventDetails?: { readonly name?: unknown; readonly input?: unknown };
}

/** One visit of a Task state. */
export interface Visit {
  readonly state: string;
  /** The state's input, as JSON. */
  readonly input: string;
  readonly fromMillis: number;
  readonly toMillis: number;
}

interface Node {
  /** The longest chain that ends here. */
  readonly chain: number;
  /** Parallel and Map states that are open here: the events that started them. */
  readonly open: readonly number[];
  readonly entered?: ChainEvent;
}

const ROOT: Node = { chain: 0, open: [] };

/**
 * The longest chain of task visits through the graph as it was executed: one after the other adds up, of branches and
 * iterations the longest counts. `weightOf` says what a visit weighs. Events in the order of their ids.
 */
export const longestChain = (history: readonly ChainEvent[], weightOf: (visit: Visit) => number): number => {
  const nodes = new Map<number, Node>();
  for (const event of history) nodes.set(event.id, nodeOf(event, nodes, weightOf));
  return Math.max(0, ...[...nodes.values()].map(({ chain }) => chain));
};

const nodeOf = (event: ChainEvent, nodes: ReadonlyMap<number, Node>, weightOf: (visit: Visit) => number): Node => {
  const before = nodes.get(event.previousEventId) ?? ROOT;
  if (event.type === 'TaskStateEntered') return { ...before, entered: event };
  if (event.type === 'TaskStateExited' && before.entered) {
    const { entered, ...rest } = before;
    return { ...rest, chain: before.chain + weightOf(visitFrom(entered, event)) };
  }
  if (/^(Parallel|Map)StateStarted$/.test(event.type)) return { ...before, open: [...before.open, event.id] };
  if (/^(Parallel|Map)StateSucceeded$/.test(event.type)) return joined(before, nodes);
  return before;
};

/** Goes on from the longest of the branches, whichever of them ended last. */
const joined = (last: Node, nodes: ReadonlyMap<number, Node>): Node => {
  const opened = last.open.at(-1) ?? 0;
  const inside = [...nodes.values()].filter(({ open }) => open.includes(opened));
  return { chain: Math.max(...inside.map(({ chain }) => chain)), open: last.open.slice(0, -1) };
};

const visitFrom = (entered: ChainEvent, exited: ChainEvent): Visit => ({
  state: String(entered.stateEnteredEventDetails?.name ?? ''),
  input: String(entered.stateEnteredEventDetails?.input ?? '{}'),
  fromMillis: entered.timestampMillis,
  toMillis: exited.timestampMillis,
});
