import fc from 'fast-check';

type Keys = readonly (string | number)[];

/** A mapping or a list in a document, or a value, with its place. */
interface Place {
  readonly keys: Keys;
  readonly node: unknown;
}

const placesOf = (node: unknown, keys: Keys = []): readonly Place[] =>
  typeof node === 'object' && node !== null
    ? [
        { keys, node },
        ...Object.entries(node).flatMap(([key, under]) => placesOf(under, [...keys, numbered(node, key)])),
      ]
    : [{ keys, node }];

const numbered = (node: object, key: string) => (Array.isArray(node) ? Number(key) : key);

/** The document with another key or value in one place. */
const changedAt = (node: unknown, [key, ...rest]: Keys, change: (node: unknown) => unknown): unknown => {
  if (key === undefined) return change(node);
  if (Array.isArray(node)) return node.map((item, index) => (index === key ? changedAt(item, rest, change) : item));
  return Object.fromEntries(
    Object.entries(Object(node)).map(([name, under]) => [name, name === key ? changedAt(under, rest, change) : under]),
  );
};

const misspellings: readonly ((key: string) => string)[] = [
  (key) => `${key}s`,
  (key) => key.slice(0, -1),
  (key) => `${key.slice(0, 1)}${key}`,
  (key) => key.replace(/^(.)(.)/, '$2$1'),
];

export interface Mutation {
  readonly document: unknown;
  /** Where the fault is. */
  readonly keys: Keys;
  /** The key or the name that was right. */
  readonly right: string;
}

/** The document with one of its keys a letter off. */
export const withMisspeltKey = (document: object): fc.Arbitrary<Mutation> => {
  const places = placesOf(document).flatMap(({ keys }) => {
    const [last] = keys.slice(-1);
    return typeof last === 'string' && last.length > 3 ? [{ keys, key: last }] : [];
  });
  return fc.tuple(fc.constantFrom(...places), fc.constantFrom(...misspellings)).map(([{ keys, key }, misspelt]) => {
    const wrong = misspelt(key);
    const renamed = (node: unknown) =>
      Object.fromEntries(Object.entries(Object(node)).map(([name, under]) => [name === key ? wrong : name, under]));
    return {
      document: changedAt(document, keys.slice(0, -1), renamed),
      keys: [...keys.slice(0, -1), wrong],
      right: key,
    };
  });
};

const references: readonly RegExp[] = [
  /\.(database\.databaseName|secret\.secretName|blobstore\.name|fromEnv\.name)$/,
  /\.(targetContainer|envName|serverGroup)$/,
  /\.namedEnvPolicies\.\d+$/,
];

/** The document with one of the names that lead somewhere leading nowhere; undefined where it holds none. */
export const withLostReference = (document: object): fc.Arbitrary<Mutation> | undefined => {
  const places = placesOf(document).flatMap(({ keys, node }) =>
    typeof node === 'string' && references.some((reference) => reference.test(keys.join('.'))) ? [{ keys, node }] : [],
  );
  if (places.length === 0) return undefined;
  return fc
    .constantFrom(...places)
    .map(({ keys, node }) => ({ document: changedAt(document, keys, () => `${node}-lost`), keys, right: node }));
};
