/** The part of the Amazon States Language that Slipway's machines use (JSONPath), typed. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher<Name extends string> {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath: string;
  readonly Next: Name;
}

type Onward<Name extends string> = { readonly Next: Name } | { readonly End: true };

interface Shared {
  readonly Comment: string;
  readonly ResultPath?: string | null;
}

export type TaskState<Name extends string> = Shared &
  Onward<Name> & {
    readonly Type: 'Task';
    readonly Resource: string;
    readonly Parameters: Readonly<Record<string, unknown>>;
    readonly ResultSelector?: Readonly<Record<string, string>>;
    readonly TimeoutSeconds: number;
    readonly Retry?: readonly Retrier[];
    readonly Catch?: readonly Catcher<Name>[];
  };

export interface Branch {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State<string>>>;
}

export type ParallelState<Name extends string> = Shared &
  Onward<Name> & {
    readonly Type: 'Parallel';
    readonly Branches: readonly Branch[];
    readonly ResultSelector?: Readonly<Record<string, string>>;
  };

export type MapState<Name extends string> = Shared &
  Onward<Name> & {
    readonly Type: 'Map';
    readonly ItemsPath: string;
    readonly ItemSelector: Readonly<Record<string, unknown>>;
    readonly MaxConcurrency: number;
    readonly ResultSelector?: Readonly<Record<string, string>>;
    readonly ItemProcessor: Branch & { readonly ProcessorConfig: { readonly Mode: 'INLINE' } };
  };

export interface Rule {
  readonly Variable?: string;
  readonly StringEquals?: string;
  readonly BooleanEquals?: boolean;
  readonly IsPresent?: boolean;
  readonly And?: readonly Rule[];
  readonly Or?: readonly Rule[];
  readonly Not?: Rule;
}

export interface ChoiceState<Name extends string> {
  readonly Type: 'Choice';
  readonly Comment: string;
  readonly Choices: readonly (Rule & { readonly Next: Name })[];
  readonly Default: Name;
}

export type WaitState<Name extends string> = {
  readonly Type: 'Wait';
  readonly Comment: string;
  readonly Seconds: number;
} & Onward<Name>;

export type PassState<Name extends string> = Shared &
  Onward<Name> & {
    readonly Type: 'Pass';
    readonly Result?: unknown;
    readonly Parameters?: Readonly<Record<string, unknown>>;
  };

export interface SucceedState {
  readonly Type: 'Succeed';
  readonly Comment: string;
}

export interface FailState {
  readonly Type: 'Fail';
  readonly Comment: string;
  readonly Error?: string;
  readonly Cause?: string;
  readonly ErrorPath?: string;
  readonly CausePath?: string;
}

export type State<Name extends string> =
  | TaskState<Name>
  | ParallelState<Name>
  | MapState<Name>
  | ChoiceState<Name>
  | WaitState<Name>
  | PassState<Name>
  | SucceedState
  | FailState;

export interface Machine<Name extends string = string> {
  readonly Comment: string;
  readonly StartAt: Name;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<Name, State<Name>>>;
}

/** Refuses, at compile time, a transition to a state that does not exist in this machine. */
export const defineStateMachine = <const S extends Readonly<Record<string, unknown>>>(machine: {
  readonly Comment: string;
  readonly StartAt: Extract<keyof S, string>;
  readonly TimeoutSeconds: number;
  readonly States: S & { readonly [K in keyof S]: State<Extract<keyof S, string>> };
}): Machine => machine as Machine;

/** The same for a branch of a Parallel or the iteration of a Map. */
export const defineBranch = <const S extends Readonly<Record<string, unknown>>>(branch: {
  readonly StartAt: Extract<keyof S, string>;
  readonly States: S & { readonly [K in keyof S]: State<Extract<keyof S, string>> };
}): Branch => branch as Branch;
