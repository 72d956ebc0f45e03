import type { ConfigurationError } from '../../functions/domain/configuration/configuration-error.ts';

/** What a file is told: an error keeps it from being used, a warning does not. */
export interface Remark extends ConfigurationError {
  readonly severity: 'error' | 'warning';
  /** Where it was held against environments: those that it does not fit. */
  readonly environments?: readonly string[];
}

export const errorsFrom = (errors: readonly ConfigurationError[]): readonly Remark[] =>
  errors.map((error) => ({ severity: 'error', ...error }));

export const warningsFrom = (warnings: readonly ConfigurationError[]): readonly Remark[] =>
  warnings.map((warning) => ({ severity: 'warning', ...warning }));

export const isError = ({ severity }: Remark): boolean => severity === 'error';

/** By their place; what stands at one place by its words, so that equal input is told in equal order. */
export const inOrder = (remarks: readonly Remark[]): readonly Remark[] =>
  remarks.toSorted(
    (a, b) => a.line - b.line || a.column - b.column || compare(a.keyPath, b.keyPath) || compare(a.message, b.message),
  );

const compare = (a: string, b: string): number => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};
