import { shortText } from './short-text.ts';

/** Why something ended as it did, in words for an operator. */
export interface Reason {
  /** Stable name, such as `MigrationFailed`; errors of the state machines use the same words. */
  readonly code: string;
  /** What happened, naming the resource, statement or container at fault. */
  readonly message: string;
  /** Step that failed, if one did. */
  readonly step?: string;
  /** What state the world is in. */
  readonly left?: string;
  /** What to do next. */
  readonly remedy?: string;
}

/** The same in words that fit where reasons are kept and sent. */
export const shortReason = (reason: Reason): Reason => ({
  ...reason,
  message: shortText(reason.message),
  ...(reason.left && { left: shortText(reason.left) }),
});
