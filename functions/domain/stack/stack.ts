import type { Reason } from '../reason.ts';

export type StackStatus = 'CREATING' | 'MIGRATING' | 'STABLE' | 'AVAILABLE' | 'BROKEN';

/** One application in one environment: its queue and who holds it. One item, one conditional write per move. */
export interface Stack {
  readonly name: string;
  readonly environment: string;
  readonly application: string;
  readonly status: StackStatus;
  /** The deployment that holds the stack. */
  readonly current?: Holder;
  /** Rises with every claim. */
  readonly fence: number;
  readonly queue: readonly QueueEntry[];
  /** Desired counts read live before they were set to 0. */
  readonly counts: Readonly<Record<string, number>>;
  /** Hash of the release that last ended DONE. */
  readonly release?: string;
  /** Rises with every write. */
  readonly revision: number;
  /** Why the stack is BROKEN, and what was left; stays while a fix is on its way (MIGRATING), until one is DONE. */
  readonly broken?: Broken;
  /** Out of the queue, but their records do not say SUPERSEDED yet: nobody may queue them again. */
  readonly superseded?: readonly Supersession[];
  /** The last settling: who repeats it finds its own effect. */
  readonly settled?: Settled;
  /** Who resumed the stack, until the next deployment settles. */
  readonly resumed?: { readonly actor: string };
}

export interface Holder {
  readonly deploymentId: string;
  readonly fence: number;
  /** The counts that were kept when it came: services were down already, and a failure leaves them so. */
  readonly countsBefore?: Readonly<Record<string, number>>;
}

export interface StackIdentity {
  readonly name: string;
  readonly environment: string;
  readonly application: string;
}

export interface Supersession {
  readonly deploymentId: string;
  /** The deployment that runs instead. */
  readonly by: string;
}

export interface Settled {
  readonly deploymentId: string;
  readonly fence: number;
  readonly event: 'DeploymentCompleted' | 'DeploymentFailed' | 'DeploymentTerminated';
}

export interface QueueEntry {
  readonly deploymentId: string;
  /** `full` entries of one branch may supersede each other; others never. */
  readonly kind: 'full' | 'other';
  /** A full one that brings a migration marked must-run: it may replace older ones, and no newer one replaces it. */
  readonly mustRun?: boolean;
  readonly ref?: string;
  readonly acceptedAt: string;
}

export interface Broken {
  readonly deploymentId: string;
  readonly reason: Reason;
  /** What was left behind, each a sentence: scaled down, rollback failed, database dirty. */
  readonly left: readonly string[];
  readonly operatorNeeded: boolean;
}

/** What was left when a deployment ended badly; nothing changed frees the stack. */
export type Left =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly what: readonly string[]; readonly operatorNeeded: boolean };

export type StackEvent =
  | {
      readonly type: 'Triggered';
      readonly entry: QueueEntry;
      /** The environment lets a new full deployment of a branch un-break its stack. */
      readonly fixForward: boolean;
      /** The environment lets a newer full deployment of a branch take the place of its queued older ones. */
      readonly supersede?: boolean;
      /** Revision (0: no stack) on which the caller saw that the stack names it nowhere; a stack that moved on refuses. */
      readonly revision?: number;
    }
  /** The head of the queue becomes the holder: fence + 1. */
  | { readonly type: 'Claimed'; readonly deploymentId: string }
  | {
      readonly type: 'DeploymentCompleted';
      readonly deploymentId: string;
      readonly fence: number;
      /** Undefined when the deployment was about something else than a release: the one before still counts. */
      readonly release?: string;
      /** Its services are down and stay so: whoever brings them back needs to know their counts. */
      readonly keepsCounts?: boolean;
    }
  | {
      readonly type: 'DeploymentFailed';
      readonly deploymentId: string;
      readonly fence: number;
      readonly reason: Reason;
      readonly left: Left;
    }
  | {
      readonly type: 'DeploymentTerminated';
      readonly deploymentId: string;
      readonly fence: number;
      readonly reason: Reason;
      readonly left: Left;
    }
  /** A queued deployment leaves the queue without having run. */
  | { readonly type: 'Withdrawn'; readonly deploymentId: string }
  | {
      readonly type: 'CountsRead';
      readonly deploymentId: string;
      readonly fence: number;
      readonly counts: Readonly<Record<string, number>>;
    }
  | { readonly type: 'Resumed'; readonly actor: string }
  /** The records of these say SUPERSEDED now. */
  | { readonly type: 'SupersedingRecorded'; readonly deploymentIds: readonly string[] };

/** Whether the stack names a deployment: as holder, in its queue, or as superseded. */
export const namesDeployment = ({ current, queue, superseded = [] }: Stack, deploymentId: string): boolean =>
  [...(current ? [current] : []), ...queue, ...superseded].some((named) => named.deploymentId === deploymentId);

/** Whether somebody has to look after the stack: it is held, something could run, or records wait to be written. */
export const isBusy = ({ status, current, queue, superseded = [] }: Stack): boolean =>
  current !== undefined || superseded.length > 0 || (queue.length > 0 && status !== 'BROKEN');
