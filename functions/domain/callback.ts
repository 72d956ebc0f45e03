import type { Strategy } from './plan/strategy.ts';
import type { Reason } from './reason.ts';

/** A stored record that ties an outward token to a task token and ends a waiting step. */
export interface Callback {
  /** Outward token: one hash of deployment, fence, step and attempt. */
  readonly token: string;
  readonly taskToken: string;
  readonly deploymentId: string;
  readonly stackName: string;
  readonly environment: string;
  readonly fence: number;
  readonly step: string;
  readonly attempt: number;
  readonly status: 'INTENDED' | 'CALLED' | 'COMPLETED';
  readonly waitsFor: Awaited;
  readonly outcome?: Outcome;
  /** The state machine has heard the outcome, or did not wait for it any more: nothing is left to do. */
  readonly told?: true;
  /** How often its step has come to make the call: at 1 nobody can have made it before. */
  readonly tries?: number;
  readonly createdAt: string;
  /** Set again whenever the record is rewritten by a retry. */
  readonly touchedAt: string;
}

/** What ends the wait; `subject` of an event leads to it beside the token. */
export type Awaited =
  /** An operation on a CloudFormation stack that carries our token; what has to be over besides, see there. */
  | {
      readonly kind: 'stack-operation';
      readonly goal: 'UPDATE' | 'CREATE' | 'DELETE' | 'IMPORT';
      readonly then?: AwaitedBesides;
      /** What the deployment runs as once the stack is made. */
      readonly strategy?: Strategy;
    }
  /** No task left of these deployments of ECS services: newer ones serve in their place. */
  | { readonly kind: 'restart'; readonly rollouts: readonly string[] }
  /** The stack at rest, whoever moves it. */
  | { readonly kind: 'stack-rest' }
  /** The stack at rest and no task left that one of these tokens started. */
  | { readonly kind: 'rest'; readonly tokens: readonly string[] }
  /** An ECS task started by our token. */
  | { readonly kind: 'task'; readonly database: string; readonly container: string; readonly deadlineAt: string }
  /** An image in a registry that sends events. */
  | { readonly kind: 'image'; readonly images: readonly string[]; readonly draft: string }
  /** A person. */
  | { readonly kind: 'approval'; readonly planHash: string };

/**
 * No old task, and no session of the application's logins: none at all, or none that is older than the operation.
 * `services-stopped`: no old task, whatever sessions are left; what comes next ends them.
 */
export type AwaitedBesides = 'tasks-stopped' | 'old-tasks-stopped' | 'services-stopped';

export type Outcome =
  | { readonly ok: true; readonly output: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly error: string; readonly cause: string; readonly reason?: Reason };
