/** The migration files of a release for one database, read from the repository at the release's commit. */
export interface Migrations {
  /** `unknown` makes the batch OPAQUE; `hint` then says which line of configuration would help. */
  readonly tool: 'dbmate' | 'unknown';
  readonly path?: string;
  readonly files: readonly MigrationFile[];
  readonly hint?: string;
}

export interface MigrationFile {
  /** The tool's own id: for dbmate the leading digits of the file name. */
  readonly id: string;
  readonly path: string;
  readonly content: string;
  /** sha256 of the content, hex. */
  readonly checksum: string;
}

/** What the tool's own version table says. */
export interface AppliedMigrations {
  readonly ids: readonly string[];
  /** The tool's mark of a half-applied migration. */
  readonly dirty: boolean;
}

/** One migration that would run, in order. */
export interface PendingMigration {
  readonly id: string;
  readonly path: string;
  readonly checksum: string;
  readonly transactional: boolean;
  /** Carries the annotation `-- slipway: after`: the release before this one no longer uses what it drops. */
  readonly after: boolean;
  readonly statements: readonly StatementFinding[];
}

export type Compatibility = 'NEUTRAL' | 'EXPAND' | 'TIGHTEN' | 'DATA' | 'CONTRACT' | 'OPAQUE';
export type LockClass = 'L0' | 'L1' | 'L2' | 'L3';

/** What one statement means to the code that runs now, and what it locks. */
export interface StatementFinding {
  /** First line of the statement in its file, from 1. */
  readonly line: number;
  /** The statement's text, shortened to one line of at most 120 characters; literals replaced by `?`. */
  readonly text: string;
  readonly compatibility: Compatibility;
  readonly lock: LockClass;
  /** Existing tables it locks, as `schema.table`; `*` stands for ones that the statement does not name. */
  readonly tables: readonly string[];
  /** Says what the statement does, to be read after the name of its migration: `drops orders.note, which ...`. */
  readonly reason: string;
  /** Tables it reads whole while the transaction holds all its locks, `*` for unknown ones; L2 and L3 imply `tables`. */
  readonly scans?: readonly string[];
  /** A safer way to the same end, where one is known. */
  readonly advice?: string;
}

/** What PGEval found out about one database. */
export interface DatabaseFindings {
  readonly database: string;
  readonly state: 'clean' | 'dirty' | 'diverged';
  /** Why the state is not clean, or which line of configuration would let Slipway see more. */
  readonly notes: readonly string[];
  readonly pending: readonly PendingMigration[];
  /** Worst of the batch; NEUTRAL and L0 when nothing is pending. */
  readonly compatibility: Compatibility;
  /** As it counts: on tables of few rows L2 and L3 are L1; a lock held while later statements read rows is L3. */
  readonly lock: LockClass;
  /** Why `lock` is more than L1, to be read as a sentence; absent otherwise. */
  readonly lockReason?: string;
  /** Applied migrations newer than all of this release, and not known to be harmless: its code may not fit them. */
  readonly ahead: readonly string[];
  /** True when every pending migration carries the annotation `-- slipway: after`. */
  readonly after: boolean;
  /** Hash over (id, checksum) of the pending set, which PGMigrate must find unchanged. */
  readonly pendingHash: string;
  /** `reltuples` of the tables that the batch locks; -1 means never analysed. */
  readonly rows: Readonly<Record<string, number>>;
}
