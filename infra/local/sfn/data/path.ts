import { Cursor } from './cursor.ts';
import { type Condition, parseCondition } from './filter.ts';

/** A parsed JSONPath in the dialect of Step Functions, which is Jayway's. */
export interface Path {
  readonly text: string;
  /** `$$`: read from the context object, not from the input. */
  readonly context: boolean;
  readonly segments: readonly Segment[];
  /** Finds one value or none; the others find a list, possibly empty. */
  readonly definite: boolean;
}

export type Segment =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number; readonly step: number }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'descend' }
  | { readonly kind: 'filter'; readonly condition: Condition }
  | { readonly kind: 'length' };

const parsed = new Map<string, Path>();

/** Parses a path such as `$.list[0].name` or `$$.Task.Token`; a SyntaxError says where it is wrong. */
export const parsePath = (text: string): Path => {
  const known = parsed.get(text);
  if (known) return known;
  const cursor = new Cursor(text);
  const path = readPath(cursor, '$');
  if (!cursor.atEnd()) throw cursor.error('a "." or a "["');
  parsed.set(text, path);
  return path;
};

/** Reads a path that begins with `root` (`$`, or `@` inside a filter) and ends where no further segment follows. */
export const readPath = (cursor: Cursor, root: '$' | '@'): Path => {
  const start = cursor.position;
  cursor.expect(root);
  const context = root === '$' && cursor.take('$');
  const segments: Segment[] = [];
  for (let more = readSegment(cursor); more.length > 0; more = readSegment(cursor)) segments.push(...more);
  const definite = segments.every(({ kind }) => kind === 'name' || kind === 'index' || kind === 'length');
  return { text: cursor.text.slice(start, cursor.position), context, segments, definite };
};

const readSegment = (cursor: Cursor): Segment[] => {
  if (cursor.take('..')) return [{ kind: 'descend' }, cursor.take('[') ? readBracket(cursor) : readName(cursor)];
  if (cursor.take('.')) return [readName(cursor)];
  return cursor.take('[') ? [readBracket(cursor)] : [];
};

const readName = (cursor: Cursor): Segment => {
  if (cursor.take('*')) return { kind: 'wildcard' };
  const name = cursor.match(/[^\s.[\](),'"=<>!&|+*/\\@$?:;{}^%#~`]+/y);
  if (name === undefined) throw cursor.error('a name');
  if (!cursor.take('()')) return { kind: 'name', name };
  if (name !== 'length') throw cursor.error('no function but length()');
  return { kind: 'length' };
};

const readBracket = (cursor: Cursor): Segment => {
  const segment = readInside(cursor);
  cursor.skipSpace();
  cursor.expect(']');
  return segment;
};

const readInside = (cursor: Cursor): Segment => {
  cursor.skipSpace();
  if (cursor.take('*')) return { kind: 'wildcard' };
  if (cursor.take('?(')) return readFilter(cursor);
  const name = cursor.quoted();
  if (name !== undefined) return { kind: 'name', name };
  const slice = cursor.match(/(-?\d+)?\s*:\s*(-?\d+)?(\s*:\s*\d+)?/y);
  if (slice !== undefined) return sliceFrom(slice);
  const list = cursor
    .match(/-?\d+(\s*,\s*-?\d+)*/y)
    ?.split(',')
    .map(Number);
  const [first, ...others] = list ?? [];
  if (!list || first === undefined) throw cursor.error('an index, a slice, a quoted name, * or ?()');
  return others.length > 0 ? { kind: 'indexes', indexes: list } : { kind: 'index', index: first };
};

const readFilter = (cursor: Cursor): Segment => {
  const condition = parseCondition(cursor);
  cursor.skipSpace();
  cursor.expect(')');
  return { kind: 'filter', condition };
};

const sliceFrom = (text: string): Segment => {
  const [from, to, step] = text.split(':').map((part) => part.trim());
  return {
    kind: 'slice',
    ...(from ? { from: Number(from) } : {}),
    ...(to ? { to: Number(to) } : {}),
    step: step ? Math.max(Number(step), 1) : 1,
  };
};
