import { canonical } from '../canonical.ts';
import type { DatabaseFindings } from '../migrations/migrations.ts';
import type { Parameter } from '../template/template.ts';
import { canonicalChanges } from './canonical-changes.ts';
import type { Mode, ResourceChange } from './plan.ts';

export interface Signed {
  /** Hash of the release: template, parameters, images, migrations. */
  readonly release: string;
  readonly mode: Mode;
  readonly parameters: readonly Parameter[];
  readonly changes: readonly ResourceChange[];
  readonly databases: readonly Pick<DatabaseFindings, 'database' | 'pendingHash'>[];
}

/**
 * What an approval signs. Not change-set ids, since every step makes its own, and not desired counts, since they are read
 * live. A world that changed since gives other changes or another pending set, and so another hash.
 */
export const planHash = (signed: Signed, hash: (text: string) => string): string =>
  hash(
    canonical({
      release: signed.release,
      mode: signed.mode,
      parameters: signed.parameters
        .filter((parameter) => parameter.kind !== 'desiredCount')
        .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
      changes: canonicalChanges(signed.changes),
      databases: signed.databases
        .map(({ database, pendingHash }) => ({ database, pendingHash }))
        .toSorted((one, other) => (one.database < other.database ? -1 : 1)),
    }),
  );
