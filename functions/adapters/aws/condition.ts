import { attributeFrom, type Item } from './attribute-value.ts';

/** A condition as DynamoDB reads it; every name goes through a placeholder, because many words are reserved. */
export interface Condition {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Item>;
}

/** A path such as `status`, `current.fence` or `queue[0].deploymentId`. */
export const equals = (path: string, value: string | number): Condition => oneOf(path, [value]);

export const oneOf = (path: string, allowed: readonly (string | number)[]): Condition => {
  const keys = allowed.map((_, position) => `:${path.replaceAll(/\W/g, '_')}_${position}`);
  const values = Object.fromEntries(allowed.map((value, position) => [keys[position] ?? '', attributeFrom(value)]));
  const expression = keys.length === 1 ? `${placed(path)} = ${keys[0]}` : `${placed(path)} IN (${keys.join(', ')})`;
  return { expression, names: namesOf(path), values };
};

export const absent = (path: string): Condition => ({
  expression: `attribute_not_exists(${placed(path)})`,
  names: namesOf(path),
  values: {},
});

/** The list or string holds the value. */
export const contains = (path: string, value: string): Condition => {
  const { names, values } = equals(path, value);
  return { expression: `contains(${placed(path)}, ${Object.keys(values)[0]})`, names, values };
};

export const all = (conditions: readonly Condition[]): Condition => ({
  expression: conditions.map(({ expression }) => expression).join(' AND '),
  names: Object.assign({}, ...conditions.map(({ names }) => names)),
  values: Object.assign({}, ...conditions.map(({ values }) => values)),
});

const wordsOf = (path: string) => path.match(/\w+(?!\w*\])/g) ?? [];

const placed = (path: string) => path.replaceAll(/\w+(?!\w*\])/g, '#$&');

const namesOf = (path: string) => Object.fromEntries(wordsOf(path).map((word) => [`#${word}`, word]));
