import type { Json } from './data/json.ts';

/**
 * One execution as explicit data: everything needed to go on stands here, so that a process that dies loses nothing.
 * The interpreter changes a copy; the store takes it whole, one row, one write.
 */
export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  /** Key of the definition it started with, and keeps. */
  readonly revision: string;
  readonly roleArn: string;
  readonly input: string;
  readonly startMillis: number;
  /** When the machine's own TimeoutSeconds is over. */
  readonly timeoutMillis?: number;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  stopMillis?: number;
  output?: string;
  error?: string;
  cause?: string;
  /** Id of the last history event. */
  events: number;
  /** Counts what needs a number of its own: calls, tokens, turns. */
  serial: number;
  /** The run itself; gone when the execution is closed. */
  root?: Scope;
}

/** Where one thread of control stands: the machine's own, a branch's, an iteration's. */
export interface Scope {
  /** Of the branch or of the item. */
  readonly index: number;
  /** The event that the next one follows. */
  last: number;
  position: Entering | Visit;
}

/** About to enter a state; scopes take turns in the order of `turn`. */
export interface Entering {
  readonly kind: 'entering';
  readonly turn: number;
  readonly state: string;
  readonly input: Json;
}

/** Inside a state. */
export interface Visit {
  readonly kind: 'visit';
  readonly state: string;
  /** The raw input, before InputPath. */
  readonly input: Json;
  readonly enteredEvent: number;
  readonly enteredMillis: number;
  /** Retries so far in all, and by each retrier. */
  retries: number;
  readonly retriesBy: number[];
  waiting?: Waiting;
}

export type Waiting = Invocation | Callback | Delay | Again | Inner | Joined;

interface Limits {
  readonly timeoutMillis?: number;
  readonly heartbeatSeconds?: number;
  heartbeatMillis?: number;
}

/** A function is being called; with a token, the task may be settled before the call returns. */
export interface Invocation extends Limits {
  readonly kind: 'invocation';
  readonly call: number;
  readonly token?: string;
}

/** Waits for SendTaskSuccess or SendTaskFailure. */
export interface Callback extends Limits {
  readonly kind: 'callback';
  readonly token: string;
}

/** A Wait state. */
export interface Delay {
  readonly kind: 'delay';
  readonly dueMillis: number;
}

/** A retry that is waited for. */
export interface Again {
  readonly kind: 'again';
  readonly dueMillis: number;
}

/** Branches or iterations at work. */
export interface Inner {
  readonly kind: 'inner';
  readonly scopes: Scope[];
  readonly results: Json[];
  done: number;
  readonly length: number;
  /** Of a Map: its items, how many have begun, and how many may be at work at once. */
  readonly items?: readonly Json[];
  begun: number;
  readonly concurrency: number;
}

/** All branches or iterations ended well; takes its turn to leave the state. */
export interface Joined {
  readonly kind: 'joined';
  readonly turn: number;
  readonly results: readonly Json[];
}
