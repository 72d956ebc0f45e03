import * as z from 'zod';
import { schemaHints } from '../../functions/domain/configuration/schema-hints.ts';

/** As much of JSON Schema as comes out of our schemas. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly deprecated?: boolean;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | false;
  readonly required?: readonly string[];
  /** The key is Slipway's own: editors pass over words they do not know. */
  readonly 'x-slipway'?: true;
}

/**
 * What a document may hold, by draft 7, which every editor reads: long enum names and deprecated keys are in it, and keys
 * in snake_case are accepted without being proposed.
 */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  withSnakeCase(
    z.toJSONSchema(schema, {
      target: 'draft-7',
      io: 'input',
      override: ({ zodSchema, jsonSchema }) => Object.assign(jsonSchema, hinted(zodSchema, jsonSchema)),
    }) as JsonSchema,
    '#',
  );

const hinted = (schema: z.core.$ZodType, { enum: short, properties = {} }: z.core.JSONSchema.BaseSchema) => {
  const { prefix, own, exactlyOneOf, aliases = {} } = schemaHints.get(schema) ?? {};
  const deprecated = Object.entries(aliases).map(([key, instead]) => [
    key,
    deprecatedKey(properties[instead], instead),
  ]);
  return {
    ...(prefix !== undefined && short && { enum: [...short, ...short.map((name) => `${prefix}${String(name)}`)] }),
    ...(own && { 'x-slipway': true }),
    ...(exactlyOneOf && { oneOf: exactlyOneOf.map((key) => ({ required: [key] })) }),
    ...(deprecated.length > 0 && { properties: { ...properties, ...Object.fromEntries(deprecated) } }),
  };
};

const deprecatedKey = (replacement: unknown, instead: string) => ({
  ...(typeof replacement === 'object' && replacement),
  description: `Deprecated: use ${instead}.`,
  deprecated: true,
  deprecationMessage: `Use ${instead}.`,
});

/** Keys of several words in their second spelling, by a pattern: editors propose properties, not patterns. */
const withSnakeCase = (schema: JsonSchema, at: string): JsonSchema => {
  const { properties, items, anyOf, oneOf, required = [], ...rest } = bounded(schema);
  const longer = Object.keys(properties ?? {}).filter((key) => snakeCase(key) !== key);
  const needed = required.filter((key) => longer.includes(key));
  const patterns = longer.map((key) => [`^${snakeCase(key)}$`, { $ref: `${at}/properties/${key}` }]);
  return {
    ...rest,
    ...(items && { items: withSnakeCase(items, `${at}/items`) }),
    ...(anyOf && { anyOf: anyOf.map(bounded) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, under]) => [key, withSnakeCase(under, `${at}/properties/${key}`)]),
      ),
    }),
    ...(patterns.length > 0 && { patternProperties: Object.fromEntries(patterns) }),
    ...(needed.length < required.length && { required: required.filter((key) => !needed.includes(key)) }),
    ...(needed.length > 0 && { allOf: needed.map(eitherSpelling) }),
    ...(oneOf && { oneOf: oneOf.map((each) => eitherSpelling(each.required?.[0] ?? '')) }),
  };
};

const eitherSpelling = (key: string): JsonSchema =>
  snakeCase(key) === key ? { required: [key] } : { anyOf: [{ required: [key] }, { required: [snakeCase(key)] }] };

/** Whole numbers without a bound of ours are given JavaScript's, which says nothing to anybody. */
const bounded = ({ minimum, maximum, ...rest }: JsonSchema): JsonSchema => ({
  ...rest,
  ...(minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER && { minimum }),
  ...(maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER && { maximum }),
});

export const snakeCase = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
