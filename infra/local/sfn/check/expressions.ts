import { isList, isObject } from '../data/json.ts';
import { type Path, parsePath } from '../data/path.ts';
import { isReference } from '../data/reference.ts';
import { type Argument, isCall, parseCall } from '../intrinsics/call.ts';
import { intrinsicNames } from '../intrinsics/evaluate.ts';
import { hint } from './problem.ts';

/** What is wrong with a value, as the end of a sentence about it; undefined when nothing is. */
export type Check = (value: unknown) => string | undefined;

export const path: Check = (value) => asPath(value, () => undefined);

export const reference: Check = (value) =>
  asPath(value, (parsed) =>
    isReference(parsed) ? undefined : `must be a Reference Path, which ${parsed.text} is not`,
  );

const asPath = (value: unknown, check: (path: Path) => string | undefined): string | undefined => {
  if (typeof value !== 'string') return 'must be a JSONPath';
  try {
    return check(parsePath(value));
  } catch (error) {
    return `must be a valid JSONPath: ${error instanceof Error ? error.message : error}`;
  }
};

export const pathOrCall: Check = (value) => {
  if (typeof value !== 'string' || !isCall(value)) return path(value);
  try {
    return unknownCall(parseCall(value));
  } catch (error) {
    return `must be a valid intrinsic function call: ${error instanceof Error ? error.message : error}`;
  }
};

const unknownCall = (argument: Argument): string | undefined => {
  if (argument.kind !== 'call') return undefined;
  if (!intrinsicNames.includes(argument.name)) {
    return `calls ${argument.name}, which does not exist${hint(argument.name, intrinsicNames)}`;
  }
  return argument.args.map(unknownCall).find((problem) => problem !== undefined);
};

/** A payload template: every field that ends in `.$` holds a path or a call. */
export const template: Check = (value) => {
  if (isList(value)) return first(value, template);
  if (!isObject(value)) return undefined;
  return first(Object.entries(value), ([key, inner]) => {
    if (!key.endsWith('.$')) return template(inner);
    const problem = pathOrCall(inner);
    return problem && `has a field '${key}' that ${problem}`;
  });
};

const first = <T>(values: readonly T[], check: (value: T) => string | undefined): string | undefined =>
  values.map(check).find((problem) => problem !== undefined);
