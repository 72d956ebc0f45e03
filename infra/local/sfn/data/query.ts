import type { Condition, Operand, Operator } from './filter.ts';
import { isList, isObject, type Json, sameJson } from './json.ts';
import type { Path, Segment } from './path.ts';

/** What a path finds: the value of a definite path (undefined where there is none), else the list of all it finds. */
export const query = (path: Path, root: Json): Json | undefined => {
  const found = path.segments.reduce<readonly Json[]>(
    (values, segment) => values.flatMap((value) => step(segment, value, root)),
    [root],
  );
  return path.definite ? found[0] : found;
};

const step = (segment: Segment, value: Json, root: Json): readonly Json[] => {
  switch (segment.kind) {
    case 'name':
      return isObject(value) && Object.hasOwn(value, segment.name) ? [value[segment.name] ?? null] : [];
    case 'index':
      return at(value, segment.index);
    case 'indexes':
      return segment.indexes.flatMap((index) => at(value, index));
    case 'slice':
      return isList(value)
        ? value.slice(segment.from ?? 0, segment.to).filter((_, index) => index % segment.step === 0)
        : [];
    case 'wildcard':
      return children(value);
    case 'descend':
      return descendants(value);
    case 'filter':
      return (isObject(value) ? [value] : children(value)).filter((item) => holds(segment.condition, item, root));
    case 'length':
      return isList(value) ? [value.length] : [];
  }
};

const at = (value: Json, index: number): Json[] => {
  const item = isList(value) ? value.at(index) : undefined;
  return item === undefined ? [] : [item];
};

const children = (value: Json): readonly Json[] =>
  isList(value) ? value : isObject(value) ? Object.values(value) : [];

const descendants = (value: Json): readonly Json[] => [value, ...children(value).flatMap(descendants)];

const holds = (condition: Condition, item: Json, root: Json): boolean => {
  switch (condition.kind) {
    case 'or':
      return condition.of.some((part) => holds(part, item, root));
    case 'and':
      return condition.of.every((part) => holds(part, item, root));
    case 'not':
      return !holds(condition.of, item, root);
    case 'exists':
      return exists(condition.path, item, root);
    case 'compare':
      return compares(condition.operator, operand(condition.left, item, root), operand(condition.right, item, root));
    case 'matches': {
      const text = operand(condition.left, item, root);
      return typeof text === 'string' && condition.expression.test(text);
    }
  }
};

const exists = (path: Path, item: Json, root: Json): boolean => {
  const found = query(path, baseOf(path, item, root));
  return path.definite ? found !== undefined : isList(found) && found.length > 0;
};

const operand = (side: Operand, item: Json, root: Json): Json | undefined =>
  'path' in side ? query(side.path, baseOf(side.path, item, root)) : side.value;

const baseOf = (path: Path, item: Json, root: Json) => (path.text.startsWith('@') ? item : root);

const compares = (operator: Operator, left: Json | undefined, right: Json | undefined): boolean => {
  if (operator === '==' || operator === '!=') {
    const same = left === undefined || right === undefined ? left === right : sameJson(left, right);
    return same === (operator === '==');
  }
  const order = orderOf(left, right);
  if (order === undefined) return false;
  return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[operator];
};

const orderOf = (left: Json | undefined, right: Json | undefined): number | undefined => {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  return undefined;
};
