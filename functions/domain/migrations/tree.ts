/** Readers over a parse tree as plain data. A part that is missing reads as empty; whoever needs it says OPAQUE. */
export type Tree = Readonly<Record<string, unknown>>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const child = (tree: Tree, key: string): Tree => {
  const value = tree[key];
  return isTree(value) ? value : {};
};

export const list = (tree: Tree, key: string): readonly unknown[] => {
  const value = tree[key];
  return Array.isArray(value) ? value : [];
};

export const text = (tree: Tree, key: string): string => {
  const value = tree[key];
  return typeof value === 'string' ? value : '';
};

export const flag = (tree: Tree, key: string): boolean => tree[key] === true;

export const has = (tree: Tree, key: string): boolean => tree[key] !== undefined;

/** The kind of a node `{ Kind: {...} }`. */
export const kindOf = (node: unknown): string => (isTree(node) ? (Object.keys(node)[0] ?? '') : '');

/** What stands inside a node, whatever its kind. */
export const bodyOf = (node: unknown): Tree => (isTree(node) ? child(node, kindOf(node)) : {});

/** The bodies of those nodes of a list that are of one kind. */
export const bodiesOf = (nodes: readonly unknown[], kind: string): readonly Tree[] =>
  nodes.filter((node) => kindOf(node) === kind).map(bodyOf);

/** The words of a dotted name: a list of `String` nodes, or one `List` of them. */
export const words = (nodes: readonly unknown[]): readonly string[] =>
  nodes.flatMap((node) =>
    kindOf(node) === 'List' ? words(list(bodyOf(node), 'items')) : [text(bodyOf(node), 'sval')],
  );

/** Calls `visit` with the key and body of everything in the tree, outside first. */
export const walk = (value: unknown, visit: (key: string, body: Tree) => void): void => {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
    return;
  }
  if (!isTree(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (isTree(inner)) visit(key, inner);
    walk(inner, visit);
  }
};
