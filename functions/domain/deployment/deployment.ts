import type { Mode } from '../plan/plan.ts';
import type { Strategy } from '../plan/strategy.ts';
import type { Reason } from '../reason.ts';

export type DeploymentStatus =
  | 'QUEUED'
  | 'TRIGGERED'
  | 'WAITING'
  | 'AVAILABLE'
  | 'RUNNING'
  | 'DONE'
  | 'FAILED'
  | 'TERMINATED'
  | 'SUPERSEDED'
  | 'REJECTED';

export type StepStatus = 'BLOCKED' | 'READY' | 'ACTIVE' | 'DONE' | 'FAILED' | 'SKIPPED';

/** One request to bring a stack to one release. */
export interface Deployment {
  readonly id: string;
  readonly stackName: string;
  readonly environment: string;
  readonly application: string;
  /** Hash of the release. */
  readonly release: string;
  readonly version: string;
  readonly strategy: Strategy;
  /** Somebody's update of the stack is cancelled instead of waited for. */
  readonly cancelUpdates?: boolean;
  /** A person asked for this very commit, whatever its branch holds: nothing newer takes its place. */
  readonly pinned?: boolean;
  readonly source: Source;
  /** Who asked: a GitHub login, an operator, or `slipway` itself. */
  readonly actor: string;
  readonly status: DeploymentStatus;
  readonly fence?: number;
  readonly executionArn?: string;
  readonly steps: Readonly<Record<string, Step>>;
  readonly plan?: {
    readonly mode: Mode;
    readonly hash: string;
    readonly reasons: readonly string[];
    readonly outageSeconds: number;
  };
  readonly approval?: { readonly actor: string; readonly hash: string; readonly granted: boolean; readonly at: string };
  readonly reason?: Reason;
  /** The deployment that runs instead of this one. */
  readonly supersededBy?: string;
  /** Someone asked to end it; the machine's own states bring it to rest. */
  readonly cancelledBy?: string;
  readonly cancelledAt?: string;
  readonly checkRunId?: number;
  readonly githubDeploymentId?: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type Source =
  | {
      readonly kind: 'push';
      readonly repository: RepositoryRef;
      readonly ref: string;
      readonly before: string;
      readonly after: string;
      readonly deliveryId: string;
    }
  | { readonly kind: 'manual'; readonly repository?: RepositoryRef; readonly ref?: string; readonly commit?: string };

export interface RepositoryRef {
  /** GitHub's number, as a string: names can be moved, ids cannot. */
  readonly id: string;
  readonly owner: string;
  readonly name: string;
  readonly installationId: string;
}

export interface Step {
  /** `PGUpsert`, or `PGMigrate.main` where it is per database. */
  readonly name: string;
  readonly status: StepStatus;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly reason?: Reason;
}

export type DeploymentEvent =
  | { readonly type: 'Triggered'; readonly fence: number }
  | { readonly type: 'StackWaitStarted'; readonly executionArn: string }
  | { readonly type: 'StackFound' }
  | { readonly type: 'PlanStarted' }
  | { readonly type: 'Completed' }
  | { readonly type: 'Failed'; readonly reason: Reason }
  | { readonly type: 'Terminated'; readonly reason: Reason }
  | { readonly type: 'Superseded'; readonly by: string }
  | { readonly type: 'Rejected'; readonly reason: Reason };

/** Whether a deployment has come to one of its ends; nothing moves it any more. */
export const isEnded = (status: DeploymentStatus): boolean =>
  status === 'DONE' ||
  status === 'FAILED' ||
  status === 'TERMINATED' ||
  status === 'SUPERSEDED' ||
  status === 'REJECTED';
