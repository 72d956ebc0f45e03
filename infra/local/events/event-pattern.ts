import { AwsError } from '../wire/service.ts';
import { type Leaf, leafFaultOf, leafFits } from './pattern-leaf.ts';

/** Names lead to lists of what fits (any one does) or to further names; `$or` leads to alternatives. */
export interface EventPattern {
  readonly [name: string]: readonly Leaf[] | EventPattern | readonly EventPattern[];
}

/** Whether an event fits: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html */
export const fitsPattern = (pattern: EventPattern, value: unknown): boolean =>
  Object.entries(pattern).every(([name, wanted]) => {
    if (name === '$or') return (wanted as readonly EventPattern[]).some((one) => fitsPattern(one, value));
    const actual = fieldOf(value, name);
    if (Array.isArray(wanted))
      return valuesOf(actual).some((one) => wanted.some((leaf) => leafFits(leaf as Leaf, one)));
    // A list of objects fits when one of them does.
    return Array.isArray(actual)
      ? actual.some((one) => fitsPattern(wanted as EventPattern, one))
      : fitsPattern(wanted as EventPattern, actual);
  });

/** Reads a pattern; throws InvalidEventPatternException, naming the place, for what could not be judged. */
export const eventPatternFrom = (value: unknown): EventPattern => {
  const pattern = typeof value === 'string' ? parsed(value) : value;
  const fault = faultOf(pattern, []);
  if (fault) throw invalid(fault);
  return pattern as EventPattern;
};

const faultOf = (pattern: unknown, path: readonly string[]): string | undefined => {
  if (typeof pattern !== 'object' || pattern === null || Array.isArray(pattern))
    return `${path.join('.') || 'the pattern'} must be an object or an array`;
  const entries = Object.entries(pattern);
  if (entries.length === 0) return `Empty objects are not allowed (${path.join('.') || 'the pattern'})`;
  for (const [name, wanted] of entries) {
    const fault = entryFaultOf(wanted, name === '$or', [...path, name]);
    if (fault) return fault;
  }
  return undefined;
};

const entryFaultOf = (wanted: unknown, isOr: boolean, path: readonly string[]): string | undefined => {
  if (!Array.isArray(wanted)) return faultOf(wanted, path);
  if (wanted.length === 0) return `Empty arrays are not allowed (${path.join('.')})`;
  for (const one of wanted) {
    const fault = isOr ? faultOf(one, path) : leafFaultOf(one);
    if (fault) return `${fault} (${path.join('.')})`;
  }
  return undefined;
};

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

/** An empty list counts as absent. */
const valuesOf = (actual: unknown): readonly unknown[] =>
  Array.isArray(actual) && actual.length > 0 ? actual : [Array.isArray(actual) ? undefined : actual];

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
};

const invalid = (reason: string) =>
  new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
