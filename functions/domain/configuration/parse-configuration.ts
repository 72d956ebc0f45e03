import type { z } from 'zod';
import { type Finding, findingAt } from './finding.ts';
import { issueFinding } from './issue-finding.ts';
import { normalise } from './normalise.ts';

export type ParsedConfiguration<T> =
  | { readonly kind: 'read'; readonly value: T; readonly warnings: readonly Finding[] }
  | { readonly kind: 'invalid'; readonly findings: readonly Finding[] };

/**
 * Checks a parsed YAML or JSON document against a schema and finds everything that is wrong with it at once;
 * the keys of findings are spelled as in the document.
 */
export const parseConfiguration = <S extends z.ZodType>(
  schema: S,
  document: unknown,
): ParsedConfiguration<z.output<S>> => {
  const { value, findings, warnings, written } = normalise(schema, document);
  const parsed = schema.safeParse(value, { reportInput: true });
  const issues = parsed.success ? [] : parsed.error.issues.map(issueFinding);
  const all = [...findings, ...issues.map((finding) => ({ ...finding, keys: written(finding.keys) }))];
  if (parsed.success && all.length === 0) return { kind: 'read', value: parsed.data, warnings };
  return { kind: 'invalid', findings: all.length > 0 ? all : [findingAt([], 'could not be read')] };
};
