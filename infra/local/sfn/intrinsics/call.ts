import { Cursor } from '../data/cursor.ts';
import type { Json } from '../data/json.ts';
import { type Path, readPath } from '../data/path.ts';

/** A parsed intrinsic function call such as `States.Format('{} of {}', $.a, States.ArrayLength($.b))`. */
export interface Call {
  readonly kind: 'call';
  readonly text: string;
  readonly name: string;
  readonly args: readonly Argument[];
}

export type Argument =
  | Call
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: Json }
  /** `raw` still carries its escapes: States.Format tells `\{` from `{`. */
  | { readonly kind: 'string'; readonly raw: string };

export const isCall = (text: string): boolean => text.startsWith('States.');

/** Parses a call; a SyntaxError says where it is wrong. */
export const parseCall = (text: string): Call => {
  const cursor = new Cursor(text);
  const call = readCall(cursor);
  cursor.skipSpace();
  if (!cursor.atEnd()) throw cursor.error('the end');
  return call;
};

const readCall = (cursor: Cursor): Call => {
  const start = cursor.position;
  const name = cursor.match(/States\.[A-Za-z0-9]+/y);
  if (name === undefined) throw cursor.error('an intrinsic function');
  cursor.skipSpace();
  cursor.expect('(');
  const args = readArguments(cursor);
  return { kind: 'call', text: cursor.text.slice(start, cursor.position), name, args };
};

const readArguments = (cursor: Cursor): Argument[] => {
  cursor.skipSpace();
  if (cursor.take(')')) return [];
  const args = [readArgument(cursor)];
  for (cursor.skipSpace(); cursor.take(','); cursor.skipSpace()) args.push(readArgument(cursor));
  cursor.expect(')');
  return args;
};

const readArgument = (cursor: Cursor): Argument => {
  cursor.skipSpace();
  if (cursor.sees('States.')) return readCall(cursor);
  if (cursor.sees('$')) return { kind: 'path', path: readPath(cursor, '$') };
  const quoted = cursor.match(/'(?:[^'\\]|\\['{}\\])*'/y);
  if (quoted !== undefined) return { kind: 'string', raw: quoted.slice(1, -1) };
  const literal = cursor.match(/(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y);
  if (literal === undefined)
    throw cursor.error("an argument: a path, a 'string', a number, true, false, null or a call");
  return { kind: 'value', value: JSON.parse(literal) };
};

/** A string literal without its escapes. */
export const unescaped = (raw: string): string => raw.replace(/\\(.)/gs, '$1');
