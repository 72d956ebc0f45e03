import { sameJson } from '../same-json.ts';

interface Claim {
  readonly environment: string;
  readonly databaseName: string;
  readonly application: string;
}

export type DatabaseClaim<T> =
  | { readonly kind: 'moved' | 'repeated'; readonly record: T }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string; readonly record: T };

/**
 * A database belongs to the application that came first. Different names can fold into the same one (`a-b` and `a_b`),
 * and two applications must never migrate one database.
 */
export const claimDatabase = <T extends Claim>(standing: T | undefined, record: T): DatabaseClaim<T> => {
  if (!standing) return { kind: 'moved', record };
  const { environment, databaseName, application } = standing;
  if (application !== record.application)
    return {
      kind: 'refused',
      code: 'DatabaseTaken',
      reason: `Database ${databaseName} of ${environment} belongs to the application ${application}, not to ${record.application}. Nothing was changed; give the database another name suffix`,
      record: standing,
    };
  return { kind: sameJson(standing, record) ? 'repeated' : 'moved', record };
};
