import type { Phase } from './records.ts';

/**
 * When a resource fails: when the template that holds it is read, in the early validation of a change set, while it is
 * made, changed, taken in or deleted, on the way back, or in the clean-up behind either way.
 */
export type Moment = 'template' | 'validation' | 'create' | 'update' | 'import' | 'delete' | 'rollback' | 'cleanup';

export interface ResourceFault {
  readonly logicalId: string;
  /** Any stack, when left out. */
  readonly stackName?: string;
  readonly when: Moment;
  /** What the resource's events say. */
  readonly reason: string;
  /** How often it strikes; once when left out. */
  readonly times?: number;
  /** Of a validation: the property at fault, such as `DelaySeconds`. */
  readonly property?: string;
  /** The work is done by then, as when a resource never gets stable; else it is not begun. */
  readonly late?: boolean;
}

/** Trouble on request: resources that fail although nothing is wrong with them. Forgotten with the process. */
export interface CloudFormationFaults {
  /** Starts a fault; the result ends it. */
  fail(fault: ResourceFault): () => void;
}

export interface FaultQuestion {
  readonly stackName: string;
  readonly logicalId: string;
  readonly phase: Phase | 'CHANGE_SET';
  readonly verb: 'create' | 'update' | 'delete' | 'import' | 'template' | 'validation';
}

export interface Strikes {
  /** The fault that strikes now, which is then used up once. */
  strike(question: FaultQuestion): ResourceFault | undefined;
}

export const cloudFormationFaults = (): CloudFormationFaults & Strikes => {
  const faults = new Set<{ readonly fault: ResourceFault; left: number }>();
  return {
    fail: (fault) => {
      const entry = { fault, left: fault.times ?? 1 };
      faults.add(entry);
      return () => faults.delete(entry);
    },
    strike: (question) => {
      const moment = momentOf(question);
      const entry = [...faults].find(({ fault, left }) => left > 0 && isMeant(fault, question, moment));
      if (entry) entry.left -= 1;
      return entry?.fault;
    },
  };
};

const isMeant = (fault: ResourceFault, { stackName, logicalId }: FaultQuestion, moment: Moment): boolean =>
  fault.logicalId === logicalId && fault.when === moment && (fault.stackName ?? stackName) === stackName;

const momentOf = ({ phase, verb }: FaultQuestion): Moment => {
  if (phase === 'UPDATE_CLEANUP' || phase === 'UPDATE_ROLLBACK_CLEANUP') return 'cleanup';
  // What is made again on the way back only settles what a crash had left open.
  return phase.endsWith('ROLLBACK') && verb !== 'create' ? 'rollback' : verb;
};
