import type { DatabaseFindings } from '../migrations/migrations.ts';

export type Mode = 'DOWNTIME' | 'BEFORE' | 'PARALLEL' | 'AFTER' | 'NOP';

/** One change of a change set, in canonical form. */
export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  readonly action: 'Add' | 'Modify' | 'Remove' | 'Import';
  readonly replacement: 'True' | 'False' | 'Conditional';
  /** Names of the properties or attributes that change, sorted. */
  readonly properties: readonly string[];
  /** Set where only a referenced resource or parameter changes, not the property itself. */
  readonly dynamic: boolean;
  readonly policyAction?: string;
}

export interface StackFindings {
  /** What runs now: nothing yet, or a release. */
  readonly firstRelease: boolean;
  readonly changes: readonly ResourceChange[];
  readonly kind: 'nothing' | 'version-only' | 'infrastructure';
  /** True when no changed resource is referenced by a task definition whose content changes. */
  readonly versionIndependent: boolean;
  /** True when only images, task definitions and additions change. */
  readonly additive: boolean;
  /** Changes that replace a resource which serves requests (service, target group, listener rule). */
  readonly replacesServing: readonly string[];
  /** Each needs a person: replacement or deletion of something stateful, widening of IAM. */
  readonly approvals: readonly string[];
  /** Each refuses the deployment at once: early validation errors, replacement of a custom-named resource. */
  readonly refusals: readonly string[];
}

/** What EvalJoin decided, as it is stored, shown, hashed and approved. */
export interface Plan {
  readonly deploymentId: string;
  readonly release: string;
  readonly mode: Mode;
  /** Sentences, most important first; never empty. */
  readonly reasons: readonly string[];
  readonly stack: StackFindings;
  readonly databases: readonly DatabaseFindings[];
  readonly forecast: Forecast;
  readonly approvals: readonly string[];
  /** sha256, hex, over release, mode and canonical changes; what an approval signs. */
  readonly hash: string;
}

export interface Forecast {
  /** Seconds without a serving task; 0 outside DOWNTIME. */
  readonly outageSeconds: number;
  readonly basis: 'measured' | 'table';
  /** Tables and how they are locked, such as `public.orders: L2, blocks writes while it reads every row`. */
  readonly locks: readonly string[];
  readonly replacements: readonly string[];
}

export type Evaluation =
  | { readonly outcome: 'planned'; readonly plan: Plan }
  /** Nothing may run: refused before any change. `operator` is true when the database needs a person first. */
  | { readonly outcome: 'refused'; readonly reasons: readonly string[]; readonly operator: boolean };
