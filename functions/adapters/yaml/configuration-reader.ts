import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import {
  type ConfigurationError,
  type ConfigurationFile,
  configurationErrorFrom,
  type ReadConfiguration,
} from '../../domain/configuration/configuration-error.ts';
import { type Finding, findingAt } from '../../domain/configuration/finding.ts';
import { parseConfiguration } from '../../domain/configuration/parse-configuration.ts';
import { placeAt, placeOf } from './place-of.ts';
import { nestedTooDeeply, syntaxFaults } from './syntax-faults.ts';

/** Far above any configuration, far below what would keep a function busy. */
const maxBytes = 512 * 1024;

/**
 * Reads a configuration file, JSON or YAML by its extension. Either everything is right, or all that is wrong comes
 * back at once, each error with its line, its column and the path of its key.
 */
export const readConfiguration = <S extends z.ZodType>(
  schema: S,
  file: ConfigurationFile,
): ReadConfiguration<z.output<S>> => {
  try {
    return read(schema, file);
  } catch (error) {
    // Parser, visitor and conversion call themselves for every level.
    if (error instanceof RangeError && error.message.includes('call stack')) return invalid([tooDeep(file.path)]);
    throw error;
  }
};

const read = <S extends z.ZodType>(schema: S, { path, text }: ConfigurationFile): ReadConfiguration<z.output<S>> => {
  const fault = fileFault(path, text);
  if (fault !== undefined) return invalid([configurationErrorFrom(path, start, findingAt([], fault))]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const faults = syntaxFaults(path, text, document).map(({ offset, message }) =>
    configurationErrorFrom(path, placeAt(lines, offset), findingAt([], message)),
  );
  if (faults.length > 0) return invalid(faults);

  const parsed = parseConfiguration(schema, document.toJS({ maxAliasCount: -1 }));
  const locate = (finding: Finding) => configurationErrorFrom(path, placeOf(document, lines, finding), finding);
  if (parsed.kind === 'invalid') return invalid(parsed.findings.map(locate).sort(byPlace));
  return { kind: 'read', value: parsed.value, warnings: parsed.warnings.map(locate), locate };
};

const start = { line: 1, column: 1 };

const invalid = (errors: readonly ConfigurationError[]) => ({ kind: 'invalid', errors }) as const;

const tooDeep = (path: string) => configurationErrorFrom(path, start, findingAt([], nestedTooDeeply));

const byPlace = (a: ConfigurationError, b: ConfigurationError) => a.line - b.line || a.column - b.column;

const fileFault = (path: string, text: string): string | undefined => {
  if (!/\.(ya?ml|json)$/.test(path)) return 'is neither .yaml, .yml nor .json';
  if (text.length > maxBytes) return `is larger than ${maxBytes / 1024} KiB`;
  return text.trim() === '' ? 'is empty' : undefined;
};
