import { fitsArn, fitsWildcard } from './wildcard.ts';

/** Condition keys that are known for a request; a key that is missing is absent, as AWS means it. */
export type ConditionContext = Readonly<Record<string, string | readonly string[]>>;

/** `{ operator: { key: value | values } }`, as it stands in a policy statement. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Whether every operator and key of the block holds for the request. Keys are compared without regard to case. */
export const conditionHolds = (block: ConditionBlock | undefined, context: ConditionContext): boolean => {
  const known = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), listOf(value)]));
  return Object.entries(block ?? {}).every(([name, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      keyHolds(operatorFrom(name), known.get(key.toLowerCase()), listOf(wanted)),
    ),
  );
};

/** The operators that this evaluator does not know; a policy that uses one is refused rather than misread. */
export const unknownOperators = (block: ConditionBlock | undefined): string[] =>
  Object.keys(block ?? {}).filter((name) => {
    const { base } = operatorFrom(name);
    return base !== 'Null' && !(base in COMPARISONS) && !(base in NEGATIONS);
  });

type Compare = (wanted: string, actual: string) => boolean;

const COMPARISONS: Readonly<Record<string, Compare>> = {
  StringEquals: (wanted, actual) => wanted === actual,
  StringEqualsIgnoreCase: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
  StringLike: fitsWildcard,
  ArnEquals: fitsArn,
  ArnLike: fitsArn,
  Bool: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
  NumericEquals: (wanted, actual) => Number(actual) === Number(wanted),
  NumericLessThan: (wanted, actual) => Number(actual) < Number(wanted),
  NumericLessThanEquals: (wanted, actual) => Number(actual) <= Number(wanted),
  NumericGreaterThan: (wanted, actual) => Number(actual) > Number(wanted),
  NumericGreaterThanEquals: (wanted, actual) => Number(actual) >= Number(wanted),
  DateLessThan: (wanted, actual) => Date.parse(actual) < Date.parse(wanted),
  DateGreaterThan: (wanted, actual) => Date.parse(actual) > Date.parse(wanted),
};

const NEGATIONS: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
};

interface Operator {
  readonly base: string;
  readonly ifExists: boolean;
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
}

const operatorFrom = (name: string): Operator => {
  const [, quantifier, base = name, suffix] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  return { base, ifExists: suffix !== undefined, quantifier: quantifier as Operator['quantifier'] };
};

const keyHolds = (operator: Operator, actual: readonly string[] | undefined, wanted: readonly string[]): boolean => {
  if (operator.base === 'Null') return wanted.includes(String(actual === undefined));
  const negated = NEGATIONS[operator.base];
  const compare = COMPARISONS[negated ?? operator.base];
  if (!compare) return false;
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html:
  // an absent key satisfies ...IfExists, ForAllValues and the negated operators, nothing else.
  if (!actual) return operator.ifExists || operator.quantifier === 'ForAllValues' || negated !== undefined;
  const fits = (value: string) => wanted.some((one) => compare(one, value)) !== (negated !== undefined);
  return operator.quantifier === 'ForAllValues' || negated ? actual.every(fits) : actual.some(fits);
};

const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);
