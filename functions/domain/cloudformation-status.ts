/**
 * The lifecycle of all 23 stack statuses, in one place; everyone else asks the questions below. A `husk` holds nothing
 * and may be deleted unseen; what is `stuck` may still hold somebody's resources, and needs a person.
 */
const lifecycles = {
  CREATE_IN_PROGRESS: 'moving',
  CREATE_FAILED: 'stuck',
  CREATE_COMPLETE: 'complete',
  ROLLBACK_IN_PROGRESS: 'rolling-back',
  ROLLBACK_FAILED: 'stuck',
  ROLLBACK_COMPLETE: 'husk',
  DELETE_IN_PROGRESS: 'moving',
  DELETE_FAILED: 'stuck',
  DELETE_COMPLETE: 'missing',
  UPDATE_IN_PROGRESS: 'moving',
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: 'moving',
  UPDATE_COMPLETE: 'complete',
  UPDATE_FAILED: 'stuck',
  UPDATE_ROLLBACK_IN_PROGRESS: 'rolling-back',
  UPDATE_ROLLBACK_FAILED: 'rollback-failed',
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: 'rolling-back',
  UPDATE_ROLLBACK_COMPLETE: 'rolled-back',
  REVIEW_IN_PROGRESS: 'husk',
  IMPORT_IN_PROGRESS: 'moving',
  IMPORT_COMPLETE: 'complete',
  IMPORT_ROLLBACK_IN_PROGRESS: 'rolling-back',
  IMPORT_ROLLBACK_FAILED: 'stuck',
  IMPORT_ROLLBACK_COMPLETE: 'stuck',
} as const;

export type Lifecycle = (typeof lifecycles)[keyof typeof lifecycles] | 'unknown';

/** What a status means; one that AWS adds later is unknown, which is neither usable nor at rest. */
export const lifecycleOf = (status: string): Lifecycle =>
  Object.hasOwn(lifecycles, status) ? lifecycles[status as keyof typeof lifecycles] : 'unknown';

export const cloudFormationStatuses = Object.keys(lifecycles);

/** Of a stack that is at rest and cannot be updated, in words. */
export const takesNoUpdate = (stack: {
  readonly name: string;
  readonly status: string;
  readonly statusReason?: string | undefined;
}): string =>
  `CloudFormation stack ${stack.name} stands at ${stack.status} and takes no update: ${stack.statusReason ?? 'CloudFormation gives no reason'}`;

/** Nothing moves it now. */
export const isAtRest = (status: string): boolean =>
  !['moving', 'rolling-back', 'unknown'].includes(lifecycleOf(status));

/** Somebody's update that may still be cancelled. */
export const isCancellable = (status: string): boolean => status === 'UPDATE_IN_PROGRESS';

/** Takes an update. */
export const isUsable = (status: string): boolean => ['complete', 'rolled-back'].includes(lifecycleOf(status));

/** Deleted: only its id leads to it any more. */
export const isGone = (status: string): boolean => lifecycleOf(status) === 'missing';

/** A create that was rolled back, or a change set on nothing: to be deleted before anything else. */
export const isHusk = (status: string): boolean => lifecycleOf(status) === 'husk';

export const isRollbackFailed = (status: string): boolean => lifecycleOf(status) === 'rollback-failed';

/** The operation did what it was asked to do; a deletion ends as missing. */
export const hasSucceeded = (status: string): boolean => ['complete', 'missing'].includes(lifecycleOf(status));

/** The world is as it was before the operation. */
export const hasRolledBack = (status: string): boolean => lifecycleOf(status) === 'rolled-back';
