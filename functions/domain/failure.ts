import { type Reason, shortReason } from './reason.ts';

/**
 * A step cannot go on, for a reason that a person can read. Its name is the reason's code, because the Retry and Catch
 * of the state machines match names; everything else that is thrown is a fault of ours or of AWS.
 */
export class StepFailure extends Error {
  readonly reason: Reason;

  constructor(reason: Reason, options?: ErrorOptions) {
    const short = shortReason(reason);
    super(short.message, options);
    this.name = reason.code;
    this.reason = short;
  }
}

/** AWS or GitHub asked us to come back, or did not answer: the state machines retry these two by name. */
export class Transient extends Error {
  /** What to do where they gave up, if it is more than to see that what is named answers again. */
  readonly remedy: string | undefined;

  constructor(
    name: 'Throttled' | 'Unavailable',
    message: string,
    { remedy, ...options }: ErrorOptions & { readonly remedy?: string } = {},
  ) {
    super(message, options);
    this.name = name;
    this.remedy = remedy;
  }
}
