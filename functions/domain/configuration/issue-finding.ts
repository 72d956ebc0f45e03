import type { z } from 'zod';
import { type Finding, findingAt, type Keys } from './finding.ts';
import { nearest } from './nearest.ts';

/** A zod issue (reported with its input) as a finding in our words. */
export const issueFinding = (issue: z.core.$ZodIssue): Finding => {
  const keys = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const missing = issue.input === undefined && issue.code !== 'custom';
  if (missing) return { keys, at: 'key', message: missingMessage(keys, issue) };
  switch (issue.code) {
    case 'invalid_type':
      return findingAt(keys, `expected ${noun(issue.expected)}, found ${describe(issue.input)}${quoteAdvice(issue)}`);
    case 'invalid_value':
      return invalidValue(keys, issue);
    case 'too_small':
    case 'too_big':
      return findingAt(keys, ownMessage(issue) ?? rangeMessage(issue));
    default:
      return findingAt(keys, issue.message, nearestOf(issue));
  }
};

const missingMessage = (keys: Keys, issue: z.core.$ZodIssue) => {
  const what = issue.code === 'invalid_type' ? noun(issue.expected) : undefined;
  const values = issue.code === 'invalid_value' ? oneOf(issue.values) : undefined;
  const expected = what ?? values;
  return `${keys.at(-1) ?? 'a document'} is required${expected === undefined ? '' : `: expected ${expected}`}`;
};

const invalidValue = (keys: Keys, { values, input }: z.core.$ZodIssueInvalidValue) => {
  const known = values.map(String);
  const close = typeof input === 'string' ? nearest(input, known) : undefined;
  return findingAt(keys, `expected ${oneOf(known)}, found ${describe(input)}`, close);
};

const oneOf = (values: readonly z.core.util.Primitive[]) =>
  `${values.length > 1 ? 'one of ' : ''}${values.map(String).join(', ')}`;

/** Checks that know the right word hand it over in `params.nearest`. */
const nearestOf = (issue: z.core.$ZodIssue) => {
  const close: unknown = issue.code === 'custom' ? issue.params?.['nearest'] : undefined;
  return typeof close === 'string' ? close : undefined;
};

/** Zod's own texts start with these words; any other text was written beside the rule. */
const ownMessage = ({ message }: z.core.$ZodIssue) => (/^Too (small|big)/.test(message) ? undefined : message);

const rangeMessage = (issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig) => {
  const bound = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  if (issue.origin === 'string') return `expected ${bound} characters, found ${describe(issue.input)}`;
  if (issue.origin === 'array') return `expected ${bound} in the list`;
  return `expected ${bound}, found ${describe(issue.input)}`;
};

/** YAML reads 8080 as a number and true as a truth value; where text is wanted the author has to say so. */
const quoteAdvice = (issue: z.core.$ZodIssueInvalidType) =>
  issue.expected === 'string' && ['number', 'boolean'].includes(typeof issue.input) ? ': put it in quotes' : '';

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys',
  record: 'a mapping of keys',
};

const noun = (type: string) => nouns[type] ?? type;

const describe = (input: unknown): string => {
  if (input === null) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a mapping';
  return typeof input === 'string' ? `"${shortened(input)}"` : String(input);
};

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
