import { nearest } from '../../nearest.ts';
import { isRecord } from '../template/template.ts';
import { findType, type PropertySpecification, type TypeSpecification, type ValueType } from './specification.ts';

/** Something that a resource's own schema refuses. */
export interface PropertyFinding {
  /** Names and indexes from the properties down to the object at fault, or to the value of the wrong type. */
  readonly path: readonly string[];
  /** In the words of AWS's handlers, with the nearest right word behind them. */
  readonly problem: string;
}

/**
 * What is wrong with resolved properties by AWS's resource specification: unknown names, missing ones, values of another type or
 * outside an enumeration. What only an execution can tell is taken for right, and so is a type that AWS's specification lacks.
 */
export const checkProperties = (type: string, properties: unknown): readonly PropertyFinding[] => {
  const specification = findType(type);
  return specification ? objectFindings({ specification, path: [] }, specification.properties, properties) : [];
};

/** `#/Code: extraneous key [S3Buckt] is not permitted (did you mean S3Bucket?)`. */
export const findingWords = ({ path, problem }: PropertyFinding): string => `${['#', ...path].join('/')}: ${problem}`;

interface Place {
  readonly specification: TypeSpecification;
  readonly path: readonly string[];
}

const below = (place: Place, step: string | number): Place => ({ ...place, path: [...place.path, String(step)] });

const objectFindings = (
  place: Place,
  known: Readonly<Record<string, PropertySpecification>>,
  value: unknown,
): readonly PropertyFinding[] => {
  if (!isRecord(value)) return wrongType(place, 'JSONObject', value);
  const { path } = place;
  const missing = Object.entries(known).filter(([name, { required }]) => required && value[name] === undefined);
  return [
    ...missing.map(([name]) => ({ path, problem: `required key [${name}] not found` })),
    ...Object.entries(value).flatMap(([name, member]) => {
      if (member === undefined) return [];
      const declared = Object.hasOwn(known, name) ? known[name] : undefined;
      if (declared) return valueFindings(below(place, name), declared.type, member);
      return [{ path, problem: `extraneous key [${name}] is not permitted${meant(name, Object.keys(known))}` }];
    }),
  ];
};

const meant = (word: string, words: readonly string[]): string => {
  const best = nearest(word, words);
  return best === undefined ? '' : ` (did you mean ${best}?)`;
};

const valueFindings = (place: Place, type: ValueType, value: unknown): readonly PropertyFinding[] => {
  if (isOpen(value) || type === 'json') return [];
  if (typeof type === 'string') return scalarFindings(place, type, value);
  if ('values' in type) return enumFindings(place, type.values, value);
  if ('either' in type) return eitherFindings(place, type.either, value);
  if ('object' in type) return objectFindings(place, place.specification.objects[type.object] ?? {}, value);
  if ('list' in type) {
    if (!Array.isArray(value)) return wrongType(place, 'JSONArray', value);
    return value.flatMap((item, index) => valueFindings(below(place, index), type.list, item));
  }
  if (!isRecord(value)) return wrongType(place, 'JSONObject', value);
  return Object.entries(value).flatMap(([name, member]) => valueFindings(below(place, name), type.map, member));
};

/** A text with a mark of a change set in it, or with a secret that is read later. */
const isOpen = (value: unknown): boolean => typeof value === 'string' && /\{\{(changeSet|resolve):/.test(value);

const fitting: Readonly<Record<'string' | 'integer' | 'number' | 'boolean', (text: string) => boolean>> = {
  string: () => true,
  integer: (text) => /^[+-]?\d+$/.test(text.trim()),
  number: (text) => text.trim() !== '' && Number.isFinite(Number(text)),
  boolean: (text) => /^(true|false)$/i.test(text),
};
const spoken = { string: 'String', integer: 'Integer', number: 'Number', boolean: 'Boolean' } as const;

/** Scalars are converted as CloudFormation does: "10" is an integer, "true" a boolean, and 10 a string. */
const scalarFindings = (place: Place, type: keyof typeof spoken, value: unknown): readonly PropertyFinding[] => {
  if (isScalar(value) && fitting[type](String(value))) return [];
  return wrongType(place, spoken[type], value);
};

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

const enumFindings = (place: Place, values: readonly string[], value: unknown): readonly PropertyFinding[] => {
  if (!isScalar(value)) return wrongType(place, 'String', value);
  if (values.includes(String(value))) return [];
  const problem = `failed validation constraint for keyword [enum]: ${String(value)}${meant(String(value), values)}`;
  return [{ path: place.path, problem }];
};

/** Nothing, when one of them takes the value; else what the first of its shape says. A list is judged as a list where one may stand. */
const eitherFindings = (place: Place, types: readonly ValueType[], value: unknown): readonly PropertyFinding[] => {
  const lists = types.filter((type) => typeof type === 'object' && 'list' in type);
  const fitting = Array.isArray(value) && lists.length ? lists : types;
  const each = fitting.map((type) => valueFindings(place, type, value));
  return each.some((findings) => findings.length === 0) ? [] : (each[0] ?? []);
};

const wrongType = ({ path }: Place, expected: string, value: unknown): readonly PropertyFinding[] => [
  { path, problem: `expected type: ${expected}, found: ${typeName(value)}` },
];

const typeName = (value: unknown): string => {
  if (value === null || value === undefined) return 'Null';
  if (Array.isArray(value)) return 'JSONArray';
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Number';
  return { string: 'String', boolean: 'Boolean' }[typeof value as string] ?? 'JSONObject';
};
