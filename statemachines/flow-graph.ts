import type { Flow, FlowStep } from './chosen-flow.ts';

export interface FlowGraph {
  readonly steps: readonly string[];
  /** From a step to one that begins when it is done. */
  readonly edges: readonly (readonly [from: string, to: string])[];
}

/** Steps and edges of a flow: a step waits for all that stood side by side before it. */
export const flowGraph = (flow: Flow): FlowGraph => {
  const { steps, edges } = piecesOf(flow);
  return { steps: steps.map(({ name }) => name), edges };
};

/** In one line: `A, (B, C | D), E`. */
export const flowWords = (flow: Flow): string =>
  flow.map((part) => ('name' in part ? part.name : `(${part.map(flowWords).join(' | ')})`)).join(', ');

/** The same as a mermaid flowchart; a step that waits has round ends, as in the picture of the whole machine. */
export const flowMermaid = (flow: Flow): string => {
  const { steps, edges } = piecesOf(flow);
  return [
    'flowchart TD',
    ...steps.map(({ name, waits }) => `  ${idOf(name)}${waits ? `(["${name}"])` : `["${name}"]`}`),
    ...edges.map(([from, to]) => `  ${idOf(from)} --> ${idOf(to)}`),
  ].join('\n');
};

interface Pieces {
  readonly steps: readonly FlowStep[];
  readonly edges: FlowGraph['edges'];
  readonly first: readonly string[];
  readonly last: readonly string[];
}

const piecesOf = (flow: Flow): Pieces =>
  flow.map(pieceOf).reduce(
    (before, after) => ({
      steps: [...before.steps, ...after.steps],
      edges: [
        ...before.edges,
        ...before.last.flatMap((from) => after.first.map((to) => [from, to] as const)),
        ...after.edges,
      ],
      first: before.first.length > 0 ? before.first : after.first,
      last: after.last,
    }),
    { steps: [], edges: [], first: [], last: [] },
  );

const pieceOf = (part: Flow[number]): Pieces => {
  if ('name' in part) return { steps: [part], edges: [], first: [part.name], last: [part.name] };
  const sides = part.map(piecesOf);
  return {
    steps: sides.flatMap(({ steps }) => steps),
    edges: sides.flatMap(({ edges }) => edges),
    first: sides.flatMap(({ first }) => first),
    last: sides.flatMap(({ last }) => last),
  };
};

/** Hyphens would read as arrows; names of databases hold no underscore. */
const idOf = (name: string): string => name.replaceAll(/[-.]/g, '_');
