import type { JsonSchema } from '../../bin/docs/json-schema.ts';

/** Words that say nothing about what is valid. */
const notes = ['$schema', 'title', 'description', 'default', 'deprecated', 'deprecationMessage', 'x-slipway'];

/**
 * What a JSON Schema (draft 7) says against a document, as paths with the word that failed. Knows the words that our
 * schema files use.
 * @throws Error for any other word: it would count as fulfilled
 */
export const jsonSchemaFaults = (root: JsonSchema, document: unknown): readonly string[] => {
  const faultsOf = (schema: JsonSchema, value: unknown, path: string): string[] =>
    Object.entries(schema).flatMap(([word, wanted]) => {
      if (notes.includes(word)) return [];
      const rule = rules[word];
      if (!rule) throw new Error(`${path}: "${word}" is not known here`);
      return rule({ schema, wanted, value, path });
    });

  const holds = (schema: JsonSchema, value: unknown) => faultsOf(schema, value, '').length === 0;
  const fault = (failed: boolean, { path }: Check, word: string) => (failed ? [`${path}: ${word}`] : []);
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

  const rules: Readonly<Record<string, (check: Check) => string[]>> = {
    $ref: ({ wanted, value, path }) => faultsOf(resolved(root, String(wanted)), value, path),
    type: (check) => fault(!isOfType(check.value, String(check.wanted)), check, 'type'),
    const: (check) => fault(check.value !== check.wanted, check, 'const'),
    enum: (check) => fault(!list(check.wanted).includes(check.value), check, 'enum'),
    pattern: (check) => {
      const found = text(check.value);
      // Validators compile patterns with the flag u, which takes fewer of them.
      return fault(found !== undefined && !new RegExp(String(check.wanted), 'u').test(found), check, 'pattern');
    },
    minimum: (check) => fault((number(check.value) ?? Infinity) < Number(check.wanted), check, 'minimum'),
    maximum: (check) => fault((number(check.value) ?? -Infinity) > Number(check.wanted), check, 'maximum'),
    minLength: (check) => fault((text(check.value)?.length ?? Infinity) < Number(check.wanted), check, 'minLength'),
    maxLength: (check) => fault((text(check.value)?.length ?? 0) > Number(check.wanted), check, 'maxLength'),
    minItems: (check) =>
      fault(Array.isArray(check.value) && check.value.length < Number(check.wanted), check, 'minItems'),
    maxItems: (check) =>
      fault(Array.isArray(check.value) && check.value.length > Number(check.wanted), check, 'maxItems'),
    items: ({ schema: { items = {} }, value, path }) =>
      Array.isArray(value) ? value.flatMap((item, index) => faultsOf(items, item, `${path}[${index}]`)) : [],
    required: (check) =>
      isObject(check.value)
        ? list(check.wanted).flatMap((key) =>
            fault(!Object.hasOwn(check.value as object, String(key)), check, `${key}`),
          )
        : [],
    properties: ({ schema: { properties = {} }, value, path }) =>
      entries(value).flatMap(([key, under]) =>
        properties[key] ? faultsOf(properties[key], under, `${path}.${key}`) : [],
      ),
    patternProperties: ({ schema, value, path }) =>
      entries(value).flatMap(([key, under]) =>
        matching(schema, key).flatMap((each) => faultsOf(each, under, `${path}.${key}`)),
      ),
    propertyNames: ({ schema: { propertyNames = {} }, value, path }) =>
      entries(value).flatMap(([key]) => faultsOf(propertyNames, key, `${path}.${key}`)),
    additionalProperties: (check) =>
      additional(check).flatMap(([key, under]) => {
        const { additionalProperties } = check.schema;
        return additionalProperties
          ? faultsOf(additionalProperties, under, `${check.path}.${key}`)
          : [`${check.path}.${key}: unknown`];
      }),
    allOf: ({ schema: { allOf = [] }, value, path }) => allOf.flatMap((each) => faultsOf(each, value, path)),
    anyOf: (check) => fault(!(check.schema.anyOf ?? []).some((each) => holds(each, check.value)), check, 'anyOf'),
    oneOf: (check) =>
      fault((check.schema.oneOf ?? []).filter((each) => holds(each, check.value)).length !== 1, check, 'oneOf'),
  };
  return faultsOf(root, document, '');
};

interface Check {
  readonly schema: JsonSchema;
  readonly wanted: unknown;
  readonly value: unknown;
  readonly path: string;
}

const resolved = (root: JsonSchema, ref: string): JsonSchema => {
  let at: unknown = root;
  for (const part of ref.replace('#/', '').split('/')) at = isObject(at) ? at[part] : undefined;
  if (!isObject(at)) throw new Error(`${ref} leads nowhere`);
  return at;
};

const additional = ({ schema, value }: Check) =>
  entries(value).filter(([key]) => !schema.properties?.[key] && matching(schema, key).length === 0);

const matching = ({ patternProperties = {} }: JsonSchema, key: string): readonly JsonSchema[] =>
  Object.entries(patternProperties).flatMap(([pattern, each]) => (new RegExp(pattern, 'u').test(key) ? [each] : []));

const isOfType = (value: unknown, type: string): boolean => {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const entries = (value: unknown) => (isObject(value) ? Object.entries(value) : []);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
