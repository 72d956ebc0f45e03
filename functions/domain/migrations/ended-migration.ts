import type { ReleaseDatabase } from '../release.ts';
import type { AppliedMigrations, PendingMigration } from './migrations.ts';

/** A migration's task as it was left, and what the database says of it. */
export interface EndedMigration {
  readonly step: string;
  readonly database: ReleaseDatabase;
  /** The evaluated set; empty where nothing was evaluated. */
  readonly pending: readonly PendingMigration[];
  /** What the version table says after the task has stopped. */
  readonly applied: AppliedMigrations;
  /** Of the main container; undefined when it never ran or was killed. */
  readonly exitCode: number | undefined;
  readonly stopCode: string | undefined;
  readonly stoppedReason: string | undefined;
  /** Last lines, oldest first. */
  readonly log: readonly string[];
  /** The one beside it, where there is one. */
  readonly sidecar?: EndedSidecar;
}

/** The container that logs in to databases for a migration, as its task left it. */
export interface EndedSidecar {
  readonly name: string;
  /** Undefined when it never ran. */
  readonly exitCode: number | undefined;
  /** ECS's own words, such as `CannotPullContainerError: ...`. */
  readonly reason: string | undefined;
  /** Last lines, oldest first. */
  readonly log: readonly string[];
}
