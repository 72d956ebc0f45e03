import type { Cursor } from './cursor.ts';
import type { Json } from './json.ts';
import { type Path, readPath } from './path.ts';

/** What stands in `[?( ... )]`. */
export type Condition =
  | { readonly kind: 'or' | 'and'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'exists'; readonly path: Path }
  | { readonly kind: 'compare'; readonly operator: Operator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'matches'; readonly left: Operand; readonly expression: RegExp };

export type Operand = { readonly path: Path } | { readonly value: Json };

export type Operator = '==' | '!=' | '<=' | '>=' | '<' | '>';

const operators: readonly Operator[] = ['==', '!=', '<=', '>=', '<', '>'];

export const parseCondition = (cursor: Cursor): Condition => joined(cursor, '||', 'or', parseAll);

const parseAll = (cursor: Cursor): Condition => joined(cursor, '&&', 'and', parseOne);

const joined = (cursor: Cursor, token: string, kind: 'or' | 'and', part: (cursor: Cursor) => Condition): Condition => {
  const first = part(cursor);
  const of = [first];
  for (cursor.skipSpace(); cursor.take(token); cursor.skipSpace()) of.push(part(cursor));
  return of.length > 1 ? { kind, of } : first;
};

const parseOne = (cursor: Cursor): Condition => {
  cursor.skipSpace();
  if (cursor.take('!')) return { kind: 'not', of: parseOne(cursor) };
  if (cursor.take('(')) {
    const inner = parseCondition(cursor);
    cursor.skipSpace();
    cursor.expect(')');
    return inner;
  }
  return parseComparison(cursor);
};

const parseComparison = (cursor: Cursor): Condition => {
  const left = parseOperand(cursor);
  cursor.skipSpace();
  if (cursor.take('=~')) return { kind: 'matches', left, expression: parseExpression(cursor) };
  const operator = operators.find((token) => cursor.take(token));
  if (operator) return { kind: 'compare', operator, left, right: parseOperand(cursor) };
  if ('path' in left) return { kind: 'exists', path: left.path };
  throw cursor.error('a comparison');
};

const parseOperand = (cursor: Cursor): Operand => {
  cursor.skipSpace();
  if (cursor.sees('@')) return { path: readPath(cursor, '@') };
  if (cursor.sees('$')) return { path: readPath(cursor, '$') };
  const text = cursor.quoted();
  if (text !== undefined) return { value: text };
  const literal = cursor.match(/true|false|null|-?\d+(\.\d+)?([eE][+-]?\d+)?/y);
  if (literal === undefined) throw cursor.error('a path or a literal');
  return { value: JSON.parse(literal) };
};

const parseExpression = (cursor: Cursor): RegExp => {
  cursor.skipSpace();
  const text = cursor.match(/\/(?:[^/\\]|\\.)+\/i?/y);
  if (text === undefined) throw cursor.error('a regular expression such as /a.*/i');
  const insensitive = text.endsWith('i');
  return new RegExp(`^(?:${text.slice(1, insensitive ? -2 : -1)})$`, insensitive ? 'i' : '');
};
