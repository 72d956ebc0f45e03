/** Lists whose order says something: the first container is where routes lead, and values are joined as they stand. */
const ordered: ReadonlySet<string> = new Set(['containers', 'command', 'values', 'trustJwks', 'corsOrigins']);

/** The same document with its keys, and the lists whose order means nothing, in another order for every seed. */
export const shuffled = (node: unknown, seed: number, key = ''): unknown => {
  if (Array.isArray(node)) {
    const items = node.map((item: unknown, index) => shuffled(item, seed + index));
    return ordered.has(key) ? items : turned(items, seed);
  }
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(
    ([name, under], index) => [name, shuffled(under, seed + index, name)] as const,
  );
  return Object.fromEntries(turned(entries, seed));
};

const turned = <T>(items: readonly T[], seed: number): T[] =>
  items
    .map((item, index) => ({ item, place: Math.imul(seed + 31 * index + 7, 0x9e3779b1) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);

const prefixes: Readonly<Record<string, string>> = {
  protocol: 'ROUTE_PROTOCOL_',
  routeGroup: 'ROUTE_GROUP_',
  demand: 'DEMAND_',
  o5: 'O5_VAR_',
};

/** The same document in the other spelling that people use: snake_case keys and the long names of enums. */
export const spelledLong = (node: unknown, key = ''): unknown => {
  if (Array.isArray(node)) return node.map((item: unknown) => spelledLong(item));
  if (typeof node === 'string') return `${prefixes[key] ?? ''}${node}`;
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([name, under]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      spelledLong(under, name),
    ]),
  );
};
