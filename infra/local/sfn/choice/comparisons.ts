import type { Json } from '../data/json.ts';
import { instantOf } from './timestamp.ts';

/** One comparison of a Choice rule: a variable's value against the operand; another type than wanted is simply false. */
export type Comparison = (value: Json, operand: Json) => boolean;

type Order = (difference: number) => boolean;

const orders: Readonly<Record<string, Order>> = {
  Equals: (difference) => difference === 0,
  LessThan: (difference) => difference < 0,
  GreaterThan: (difference) => difference > 0,
  LessThanEquals: (difference) => difference <= 0,
  GreaterThanEquals: (difference) => difference >= 0,
};

const textOrder = (a: Json, b: Json): number | undefined =>
  typeof a === 'string' && typeof b === 'string' ? (a < b ? -1 : a > b ? 1 : 0) : undefined;

const numberOrder = (a: Json, b: Json): number | undefined =>
  typeof a === 'number' && typeof b === 'number' ? a - b : undefined;

const instantOrder = (a: Json, b: Json): number | undefined => {
  const [left, right] = [instantOf(a), instantOf(b)];
  return left === undefined || right === undefined ? undefined : left - right;
};

const ordered = (type: string, order: (a: Json, b: Json) => number | undefined): [string, Comparison][] =>
  Object.entries(orders).map(([name, holds]) => [
    `${type}${name}`,
    (value, operand) => {
      const difference = order(value, operand);
      return difference !== undefined && holds(difference);
    },
  ]);

/** `*` stands for any characters, `\*` for a star, `\\` for a backslash. */
const matchesPattern: Comparison = (value, pattern) => {
  if (typeof value !== 'string' || typeof pattern !== 'string') return false;
  const expression = pattern.replace(/\\([*\\])|\*|[^*\\]+|\\/gs, (part: string, escaped: string | undefined) =>
    part === '*' ? '.*' : (escaped ?? part).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
  );
  return new RegExp(`^${expression}$`, 's').test(value);
};

/** Comparisons that have a second form, `...Path`, whose operand is a path. */
export const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ...ordered('String', textOrder),
  ...ordered('Numeric', numberOrder),
  ...ordered('Timestamp', instantOrder),
  ['BooleanEquals', (value: Json, operand: Json) => typeof value === 'boolean' && value === operand],
]);

const isType =
  (test: (value: Json) => boolean): Comparison =>
  (value, wanted) =>
    test(value) === wanted;

/** Comparisons without a path form. */
export const tests: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['StringMatches', matchesPattern],
  ['IsNull', isType((value) => value === null)],
  ['IsNumeric', isType((value) => typeof value === 'number')],
  ['IsString', isType((value) => typeof value === 'string')],
  ['IsBoolean', isType((value) => typeof value === 'boolean')],
  ['IsTimestamp', isType((value) => instantOf(value) !== undefined)],
]);
