import type { Json } from '../data/json.ts';
import { parsePath } from '../data/path.ts';
import { look, type View } from '../data/template.ts';
import { runtime } from '../failure.ts';
import { comparisons, tests } from './comparisons.ts';

/** A Choice rule: And, Or, Not, or a Variable with exactly one comparison. */
export interface Rule {
  readonly And?: readonly Rule[];
  readonly Or?: readonly Rule[];
  readonly Not?: Rule;
  readonly Variable?: string;
  readonly Next?: string;
  readonly [comparison: string]: unknown;
}

const notComparisons = new Set(['And', 'Or', 'Not', 'Variable', 'Next', 'Comment']);

/** Every name a comparison may have. */
export const comparisonNames: readonly string[] = [
  ...comparisons.keys(),
  ...[...comparisons.keys()].map((name) => `${name}Path`),
  ...tests.keys(),
  'IsPresent',
];

/** The fields of a rule that are comparisons, known or not. */
export const comparisonsOf = (rule: Rule): string[] => Object.keys(rule).filter((name) => !notComparisons.has(name));

/** Whether a rule holds; a path that finds nothing fails the execution, but for IsPresent. */
export const holds = (rule: Rule, view: View): boolean => {
  if (rule.And) return rule.And.every((part) => holds(part, view));
  if (rule.Or) return rule.Or.some((part) => holds(part, view));
  if (rule.Not) return !holds(rule.Not, view);
  const [name = ''] = comparisonsOf(rule);
  const operand = rule[name] as Json;
  const variable = rule.Variable ?? '$';
  if (name === 'IsPresent') return (look(parsePath(variable), view) !== undefined) === operand;
  return compare(name, valueAt(variable, view), operand, view);
};

const compare = (name: string, value: Json, operand: Json, view: View): boolean => {
  const test = comparisons.get(name) ?? tests.get(name);
  if (test) return test(value, operand);
  const byPath = comparisons.get(name.replace(/Path$/, ''));
  return byPath?.(value, valueAt(String(operand), view)) ?? false;
};

const valueAt = (path: string, view: View): Json => {
  const found = look(parsePath(path), view);
  if (found !== undefined) return found;
  throw runtime(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
};
