import { allowedFrom as allowed, type Transitions } from '../transitions.ts';
import type { StackEvent, StackStatus } from './stack.ts';

export const stackStatuses = [
  'CREATING',
  'MIGRATING',
  'STABLE',
  'AVAILABLE',
  'BROKEN',
] as const satisfies readonly StackStatus[];

/**
 * The one table of the stack's statuses: decision, database condition, diagram and tests read it.
 * STABLE is automatic: it is passed through within the transition that reaches it and never stored, so that every move
 * stays one conditional write. MIGRATING without a holder is a stack whose next deployment may be claimed.
 */
export const stackTransitions = {
  NONE: { Triggered: 'CREATING' },
  CREATING: {
    Triggered: 'CREATING',
    Claimed: 'CREATING',
    CountsRead: 'CREATING',
    Withdrawn: { othersRemain: 'CREATING', nothingRemains: 'STABLE' },
    DeploymentCompleted: 'STABLE',
    DeploymentFailed: { unchanged: 'STABLE', changed: 'BROKEN' },
    DeploymentTerminated: { unchanged: 'STABLE', changed: 'BROKEN' },
    SupersedingRecorded: 'CREATING',
  },
  MIGRATING: {
    Triggered: 'MIGRATING',
    Claimed: 'MIGRATING',
    CountsRead: 'MIGRATING',
    // A fix that is withdrawn, or changes nothing, leaves the stack as broken as it was.
    Withdrawn: { othersRemain: 'MIGRATING', nothingRemains: 'STABLE', fixWithdrawn: 'BROKEN' },
    DeploymentCompleted: 'STABLE',
    DeploymentFailed: { unchanged: 'STABLE', changed: 'BROKEN', notFixed: 'BROKEN' },
    DeploymentTerminated: { unchanged: 'STABLE', changed: 'BROKEN', notFixed: 'BROKEN' },
    SupersedingRecorded: 'MIGRATING',
  },
  STABLE: { Settled: { nothingQueued: 'AVAILABLE', popsFromQueue: 'MIGRATING' } },
  AVAILABLE: { Triggered: 'MIGRATING', SupersedingRecorded: 'AVAILABLE' },
  BROKEN: {
    Triggered: { queues: 'BROKEN', fixesForward: 'MIGRATING' },
    Withdrawn: 'BROKEN',
    Resumed: 'STABLE',
    SupersedingRecorded: 'BROKEN',
  },
} as const satisfies Transitions<StackStatus, StackEvent['type'] | 'Settled'>;

/** The statuses in which a stack takes an event. */
export const allowedFrom = (event: StackEvent['type']): readonly StackStatus[] =>
  allowed<StackStatus, StackEvent['type'] | 'Settled'>(stackTransitions, stackStatuses, event);
