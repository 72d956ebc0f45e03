import type { Migrations } from './migrations/migrations.ts';
import type { BuiltApplication } from './template/template.ts';

/** A release before its images are known by digest. */
export interface Draft {
  readonly environment: string;
  readonly application: string;
  readonly version: string;
  readonly built: BuiltApplication;
  /** By the database's key. */
  readonly migrations: Readonly<Record<string, Migrations>>;
  /** What is deprecated in the application file, a line each. Drafts of older versions have none. */
  readonly warnings?: readonly string[];
}
