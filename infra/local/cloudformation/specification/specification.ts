import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What AWS's resource specification says of one type, as far as templates are checked against it. */
export interface TypeSpecification {
  readonly properties: Readonly<Record<string, PropertySpecification>>;
  /** What Fn::GetAtt gives. */
  readonly attributes: readonly string[];
  /** Named objects that stand in properties. */
  readonly objects: Readonly<Record<string, Readonly<Record<string, PropertySpecification>>>>;
}

export interface PropertySpecification {
  readonly type: ValueType;
  readonly required?: true;
  /** A change of it needs a new resource, always or sometimes. */
  readonly replaces?: 'yes' | 'maybe';
}

export type ValueType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  /** Any JSON. */
  | 'json'
  | { readonly values: readonly string[] }
  | { readonly list: ValueType }
  | { readonly map: ValueType }
  | { readonly either: readonly ValueType[] }
  /** Name of one of the type's objects. */
  | { readonly object: string };

/** One type a line, `AWS::SQS::Queue {json}`; `npm run docs` writes it for the types that the embedded cloud names. */
export const SPECIFICATION_FILE = join(import.meta.dirname, 'types.jsonl');

/** Undefined for a type that AWS's specification lacks. Parsed on first use: whole, the specification is 170 MB of memory. */
export const findType = (type: string): TypeSpecification | undefined => {
  lines ??= new Map(
    readFileSync(SPECIFICATION_FILE, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  );
  const line = lines.get(type);
  if (line === undefined) return undefined;
  const found = parsed.get(type) ?? (JSON.parse(line) as TypeSpecification);
  parsed.set(type, found);
  return found;
};

let lines: ReadonlyMap<string, string> | undefined;
const parsed = new Map<string, TypeSpecification>();
