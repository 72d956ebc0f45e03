import { type Finding, keyPath } from './finding.ts';

/** A finding with its place in a file; lines and columns count from 1. */
export interface ConfigurationError {
  /** Path of the file. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** Such as `runtimes[0].routes[1].foo`, in the spelling of the file. */
  readonly keyPath: string;
  readonly message: string;
  readonly nearest?: string;
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A configuration file as read from a repository or a disk. */
export interface ConfigurationFile {
  readonly path: string;
  readonly text: string;
}

export type ReadConfiguration<T> =
  | {
      readonly kind: 'read';
      readonly value: T;
      readonly warnings: readonly ConfigurationError[];
      /** The place of later findings about this value, such as those of a check against an environment. */
      readonly locate: (finding: Finding) => ConfigurationError;
    }
  | { readonly kind: 'invalid'; readonly errors: readonly ConfigurationError[] };

export const configurationErrorFrom = (path: string, place: Place, finding: Finding): ConfigurationError => ({
  path,
  line: place.line,
  column: place.column,
  keyPath: keyPath(finding.keys),
  message: finding.message,
  ...(finding.nearest === undefined ? {} : { nearest: finding.nearest }),
});

/** One line for a terminal or a log: `app.yaml:4:7 runtimes[0].foo: ... (did you mean "name"?)`. */
export const describeError = ({ path, line, column, keyPath: at, message, nearest }: ConfigurationError): string =>
  `${path}:${line}:${column} ${at}: ${message}${nearest === undefined ? '' : ` (did you mean "${nearest}"?)`}`;
