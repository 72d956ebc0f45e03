import type { Retrier } from './define.ts';

/**
 * The function did not run to its end, or AWS asked us to come back: the same call again is harmless, because every
 * outward token stays the same. Waits 1 + 2 + 4 + 8 + 16 = 31 s at most before the step fails.
 */
export const transient: Retrier = {
  ErrorEquals: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    'Lambda.Unknown',
    'Runtime.ExitError',
    'Sandbox.Timedout',
    'Throttled',
    'Unavailable',
    'Interrupted',
  ],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 5,
  JitterStrategy: 'FULL',
};

/**
 * The migration did not get its lock and left nothing behind, so a later try may pass. Waits 5 + 10 + 20 = 35 s at
 * most; each try is an attempt of its own, with an outward token of its own.
 */
export const lockTimeout: Retrier = {
  ErrorEquals: ['LockTimeout'],
  IntervalSeconds: 5,
  BackoffRate: 2,
  MaxAttempts: 3,
  JitterStrategy: 'FULL',
};

/**
 * The migration lost the machine below it and left nothing behind: a later try may pass. Waits 1 + 2 + 4 = 7 s at most;
 * each try is an attempt of its own, with an outward token of its own.
 */
export const hostGone: Retrier = {
  ErrorEquals: ['HostGone'],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 3,
  JitterStrategy: 'FULL',
};

/**
 * The migration began before the container that logs in for it listened, and left nothing behind. Waits 1 + 2 + 4 = 7 s at
 * most; each try is an attempt of its own, with an outward token of its own.
 */
export const sidecarUnreachable: Retrier = {
  ErrorEquals: ['SidecarUnreachable'],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 3,
  JitterStrategy: 'FULL',
};

/**
 * The way back had to begin with a rollback that had failed, and that has ended well: the next attempt decides whether
 * the services come back. Once: what fails again then needs a person. Waits 1 = 1 s at most.
 */
export const rollbackContinued: Retrier = {
  ErrorEquals: ['RollbackContinued'],
  IntervalSeconds: 1,
  BackoffRate: 1,
  MaxAttempts: 1,
  JitterStrategy: 'FULL',
};
