import type { WhyStopped } from './task-store.ts';

/** Trouble on request: what a test makes happen that this machine would not do by itself. */
export interface EcsFaults {
  /** Places no task any more, for the reason that RunTask and services then name. */
  refuseCapacity(reason?: string): void;
  /** Places tasks again; services go on at once. */
  allowCapacity(): void;
  /** Takes the capacity below a task away, as a Spot interruption does. */
  spotInterrupt(taskArn: string): void;
}

export interface Placement {
  /** Why no task can be placed now; undefined when one can. */
  refusal(): string | undefined;
}

export const ecsFaults = (
  stop: (taskArn: string, why: WhyStopped) => unknown,
  capacityIsBack: () => void,
): EcsFaults & Placement => {
  let refused: string | undefined;
  return {
    refusal: () => refused,
    refuseCapacity: (reason = 'RESOURCE:MEMORY') => {
      refused = reason;
    },
    allowCapacity: () => {
      refused = undefined;
      capacityIsBack();
    },
    spotInterrupt: (taskArn) => {
      stop(taskArn, { code: 'SpotInterruption', reason: 'Your Spot Task was interrupted.' });
    },
  };
};
