type Scalar = string | number | boolean | null;

/** A value itself, or one comparison. */
export type Leaf = Scalar | { readonly [operator: string]: unknown };

/** Whether one value of an event (undefined: absent) fits one entry of a pattern's list. */
export const leafFits = (leaf: Leaf, actual: unknown): boolean => {
  if (leaf === null || typeof leaf !== 'object') return actual === leaf;
  const [[operator, wanted] = ['', undefined]] = Object.entries(leaf);
  if (operator === 'exists') return wanted === isLeaf(actual);
  return isLeaf(actual) && (OPERATORS[operator]?.(wanted, actual) ?? false);
};

/** What is wrong with an entry, in EventBridge's manner. */
export const leafFaultOf = (leaf: unknown): string | undefined => {
  if (leaf === null || ['string', 'number', 'boolean'].includes(typeof leaf)) return undefined;
  if (typeof leaf !== 'object' || Array.isArray(leaf))
    return 'Match value must be String, number, true, false, or null';
  const [operator = '', ...others] = Object.keys(leaf);
  if (others.length > 0) return 'Only one key allowed in match expression';
  if (!(operator in WELL_FORMED)) return `Unrecognized match type ${operator}`;
  return WELL_FORMED[operator]?.(Object.values(leaf)[0])
    ? undefined
    : `${operator} has a value it cannot be compared with`;
};

type Compare = (wanted: unknown, actual: unknown) => boolean;

const onText =
  (compare: (wanted: string, actual: string) => boolean): Compare =>
  (wanted, actual) => {
    if (typeof actual !== 'string') return false;
    if (typeof wanted === 'string') return compare(wanted, actual);
    const folded = (wanted as { readonly 'equals-ignore-case': string })['equals-ignore-case'];
    return compare(folded.toLowerCase(), actual.toLowerCase());
  };

const OPERATORS: Readonly<Record<string, Compare>> = {
  prefix: onText((wanted, actual) => actual.startsWith(wanted)),
  suffix: onText((wanted, actual) => actual.endsWith(wanted)),
  'equals-ignore-case': (wanted, actual) =>
    typeof actual === 'string' && [wanted].flat().some((one) => String(one).toLowerCase() === actual.toLowerCase()),
  wildcard: (wanted, actual) =>
    typeof actual === 'string' && [wanted].flat().some((one) => wildcardFrom(String(one)).test(actual)),
  'anything-but': (wanted, actual) => !fitsAny(wanted, actual),
  numeric: (wanted, actual) => typeof actual === 'number' && inRange(wanted as readonly (string | number)[], actual),
};

/** `anything-but` takes values, or one further comparison over one or more texts. */
const fitsAny = (wanted: unknown, actual: unknown): boolean => {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted))
    return [wanted].flat().some((one) => one === actual);
  const [[operator, texts] = ['', undefined]] = Object.entries(wanted);
  return [texts].flat().some((text) => OPERATORS[operator]?.(text, actual) ?? false);
};

const COMPARISONS: Readonly<Record<string, (actual: number, limit: number) => boolean>> = {
  '=': (actual, limit) => actual === limit,
  '<': (actual, limit) => actual < limit,
  '<=': (actual, limit) => actual <= limit,
  '>': (actual, limit) => actual > limit,
  '>=': (actual, limit) => actual >= limit,
};

/** `['>', 0, '<=', 5]` */
const inRange = (range: readonly (string | number)[], actual: number): boolean =>
  range.every((sign, index) => index % 2 === 1 || COMPARISONS[sign]?.(actual, Number(range[index + 1])) === true);

const wildcardFrom = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern.replace(/\\[*\\]|[\s\S]/g, (part) => {
      if (part === '*') return '.*';
      return (part.length === 2 ? part.slice(1) : part).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })}$`,
    's',
  );

const isText = (value: unknown) => typeof value === 'string';
const isTexts = (value: unknown) => [value].flat().every(isText);
const isFolded = (value: unknown) =>
  isText(value) || isText((value as { 'equals-ignore-case'?: unknown })?.['equals-ignore-case']);
const isScalar = (value: unknown) =>
  isText(value) || typeof value === 'number' || typeof value === 'boolean' || value === null;

const WELL_FORMED: Readonly<Record<string, (wanted: unknown) => boolean>> = {
  exists: (wanted) => typeof wanted === 'boolean',
  prefix: isFolded,
  suffix: isFolded,
  'equals-ignore-case': isText,
  wildcard: isText,
  numeric: (wanted) =>
    Array.isArray(wanted) &&
    [2, 4].includes(wanted.length) &&
    wanted.every((one, index) => (index % 2 === 0 ? String(one) in COMPARISONS : typeof one === 'number')),
  'anything-but': (wanted) => {
    if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return [wanted].flat().every(isScalar);
    const [[operator, texts] = ['', undefined]] = Object.entries(wanted);
    return ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(operator) && isTexts(texts);
  },
};

const isLeaf = (actual: unknown): boolean => actual !== undefined && (actual === null || typeof actual !== 'object');
