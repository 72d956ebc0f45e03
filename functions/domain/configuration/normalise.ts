import * as z from 'zod';
import type { Finding, Keys } from './finding.ts';
import { nearest } from './nearest.ts';
import { schemaHints } from './schema-hints.ts';

export interface Normalised {
  /** The same tree in the spelling of the schema: camelCase keys, short enum names, no nulls. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** Turns keys of `value` back into keys as they were written. */
  readonly written: (keys: Keys) => Keys;
}

/**
 * Brings a parsed document into the spelling of a schema, walking both together: snake_case keys, long enum names
 * and deprecated keys are translated, unknown and removed keys are found, and a key without a value counts as absent.
 */
export const normalise = (schema: z.core.$ZodType, document: unknown): Normalised => {
  const notes: Notes = { findings: [], warnings: [], spelling: new Map() };
  const value = normaliseNode(schema, document, { keys: [], written: [], notes });
  return { value, findings: notes.findings, warnings: notes.warnings, written: (keys) => writtenKeys(notes, keys) };
};

interface Notes {
  readonly findings: Finding[];
  readonly warnings: Finding[];
  /** Keys of the value, as JSON -> the last of them as written. */
  readonly spelling: Map<string, string>;
}

interface Position {
  readonly keys: Keys;
  readonly written: Keys;
  readonly notes: Notes;
}

const normaliseNode = (wrapped: z.core.$ZodType, node: unknown, position: Position): unknown => {
  const schema = unwrap(wrapped);
  if (schema instanceof z.ZodObject && isMapping(node)) return normaliseObject(schema, node, position);
  if (schema instanceof z.ZodArray && Array.isArray(node))
    return node.map((item: unknown, index) => normaliseNode(schema.element, item, child(position, index, index)));
  if (schema instanceof z.ZodEnum && typeof node === 'string') return shortName(schema, node);
  return node;
};

const normaliseObject = (schema: z.ZodObject, node: Mapping, position: Position) => {
  const { notes, keys, written } = position;
  const value = new Map<string, unknown>();
  for (const [spelled, under] of Object.entries(node)) {
    const reading = readKey(schema, node, spelled);
    const at = [...written, spelled];
    if (under === null) continue;
    if (reading.kind === 'ignored') {
      notes.warnings.push(keyFinding(at, `${spelled} is deprecated, and ignored beside ${reading.beside}`));
      continue;
    }
    if (reading.kind === 'fault') notes.findings.push(keyFinding(at, reading.message, reading.nearest));
    else if (value.has(reading.key))
      notes.findings.push(keyFinding(at, `${reading.key} is given twice, in two spellings`));
    else {
      notes.spelling.set(JSON.stringify([...keys, reading.key]), spelled);
      value.set(reading.key, normaliseNode(reading.schema, under, child(position, reading.key, spelled)));
    }
    if (reading.kind === 'deprecated')
      notes.warnings.push(keyFinding(at, `${spelled} is deprecated: use ${reading.key}`));
  }
  return Object.fromEntries(value);
};

type Mapping = Readonly<Record<string, unknown>>;

type KeyReading =
  | { readonly kind: 'known' | 'deprecated'; readonly key: string; readonly schema: z.core.$ZodType }
  | { readonly kind: 'fault'; readonly message: string; readonly nearest?: string | undefined }
  /** A deprecated key beside the one that took its place. */
  | { readonly kind: 'ignored'; readonly beside: string };

const readKey = (schema: z.ZodObject, node: Mapping, spelled: string): KeyReading => {
  const { aliases = {}, removed = {} } = schemaHints.get(schema) ?? {};
  const camel = camelCase(spelled);
  const replacement = own(removed, camel);
  if (replacement !== undefined) return { kind: 'fault', message: `${spelled} was removed: ${replacement}` };
  const renamed = own(aliases, camel);
  if (renamed !== undefined && isGiven(node, renamed)) return { kind: 'ignored', beside: renamed };
  const key = renamed ?? camel;
  const under = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
  if (under) return { kind: renamed === undefined ? 'known' : 'deprecated', key, schema: under };
  const known = Object.keys(schema.shape);
  return {
    kind: 'fault',
    message: `unknown key ${spelled}: expected one of ${known.join(', ')}`,
    nearest: nearest(camel, known),
  };
};

const keyFinding = (keys: Keys, message: string, close?: string): Finding => ({
  keys,
  at: 'key',
  message,
  ...(close === undefined ? {} : { nearest: close }),
});

const child = ({ keys, written, notes }: Position, key: string | number, spelled: string | number): Position => ({
  keys: [...keys, key],
  written: [...written, spelled],
  notes,
});

const shortName = (schema: z.ZodEnum, name: string) => {
  const { prefix } = schemaHints.get(schema) ?? {};
  return prefix !== undefined && name.startsWith(prefix) ? name.slice(prefix.length) : name;
};

/** The schema inside defaults, optionals and transforms. */
const unwrap = (schema: z.core.$ZodType): z.core.$ZodType => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return unwrap(schema.unwrap());
  return schema instanceof z.ZodPipe ? unwrap(schema.in) : schema;
};

export const camelCase = (key: string): string =>
  key.replaceAll(/(?<=[A-Za-z0-9])_+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const isMapping = (node: unknown): node is Mapping => typeof node === 'object' && node !== null && !Array.isArray(node);

const isGiven = (node: Mapping, key: string) =>
  Object.entries(node).some(([spelled, under]) => under !== null && camelCase(spelled) === key);

const own = (record: Readonly<Record<string, string>>, key: string) =>
  Object.hasOwn(record, key) ? record[key] : undefined;

const writtenKeys = ({ spelling }: Notes, keys: Keys): Keys =>
  keys.map((key, index) =>
    typeof key === 'number' ? key : (spelling.get(JSON.stringify(keys.slice(0, index + 1))) ?? key),
  );
