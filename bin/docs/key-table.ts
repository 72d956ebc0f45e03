import type { JsonSchema } from './json-schema.ts';
import { code, table } from './markdown.ts';

/**
 * Every key under a schema: its path, what it takes, its default and its meaning; `+` marks those of Slipway's own. Keys
 * below `closed` are left out.
 */
export const keyTable = (schema: JsonSchema, closed = ''): string =>
  table(
    ['key', 'takes', 'default', 'meaning'],
    rowsOf(schema, '').filter(([key]) => closed === '' || !key.startsWith(`\`${closed}.`)),
  );

type Row = readonly [string, string, string, string];

const rowsOf = (schema: JsonSchema, above: string): readonly Row[] => {
  const { properties = {}, required = [], allOf = [], oneOf = [] } = schema;
  const needed = new Set([...required, ...allOf.flatMap(spellings)]);
  const alternatives = oneOf.flatMap(spellings);
  return Object.entries(properties).flatMap(([key, under]) => {
    if (under.deprecated) return [];
    const path = above === '' ? key : `${above}.${key}`;
    const standard = needed.has(key) ? '**required**' : defaultOf(key, under, alternatives);
    const own = under['x-slipway'] ? ' **+**' : '';
    return [[`${code(path)}${own}`, typeOf(under), standard, under.description ?? ''], ...rowsBelow(under, path)];
  });
};

/** The keys of an object, or of the objects of a list. */
const rowsBelow = (schema: JsonSchema, path: string): readonly Row[] =>
  schema.items ? rowsOf(schema.items, `${path}[]`) : rowsOf(schema, path);

/** Of a condition that takes a key in either spelling. */
const spellings = ({ required = [], anyOf = [] }: JsonSchema): readonly string[] => [
  ...required,
  ...anyOf.flatMap(spellings),
];

const defaultOf = (key: string, { default: value }: JsonSchema, alternatives: readonly string[]): string => {
  if (alternatives.includes(key)) return 'one of these';
  return value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0)
    ? ''
    : code(value === '' ? "''" : String(value));
};

const typeOf = (schema: JsonSchema): string => {
  const { type, enum: values, anyOf, items, additionalProperties } = schema;
  if (anyOf) return anyOf.map(typeOf).join(' or ');
  if (values)
    return values
      .filter((value) => !isLongName(value, values))
      .map(code)
      .join(', ');
  if (schema.const !== undefined) return code(String(schema.const));
  if (type === 'array') return items?.properties ? 'list' : `list of ${items ? typeOf(items) : 'anything'}`;
  if (type === 'object')
    return additionalProperties ? `mapping of names to ${typeOf(additionalProperties)}` : 'mapping';
  return `${WORDS[type ?? ''] ?? 'anything'}${range(schema)}`;
};

/** `ROUTE_PROTOCOL_HTTP` beside `HTTP`. */
const isLongName = (value: string, values: readonly string[]): boolean =>
  values.some((short) => value !== short && value.endsWith(`_${short}`));

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true`, `false`',
};

const range = ({ minimum, maximum }: JsonSchema): string => {
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `, at least ${minimum}`;
  return maximum === undefined ? '' : `, at most ${maximum}`;
};
