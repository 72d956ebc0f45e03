import type { Rule } from './choice/rule.ts';
import type { Flow } from './data/flow.ts';
import type { Json } from './data/json.ts';

/** A state machine, a branch or an item processor, as checked by `check/definition.ts`. */
export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  /** On the whole machine only. */
  readonly TimeoutSeconds?: number;
}

export type State =
  | TaskState
  | ParallelState
  | MapState
  | ChoiceState
  | WaitState
  | PassState
  | SucceedState
  | FailState;

interface Going {
  readonly Next?: string;
  readonly End?: true;
}

interface Failing {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath?: string | null;
  readonly Next: string;
}

export interface TaskState extends Flow, Going, Failing {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number;
  readonly HeartbeatSecondsPath?: string;
}

export interface ParallelState extends Flow, Going, Failing {
  readonly Type: 'Parallel';
  readonly Branches: readonly Machine[];
}

export interface MapState extends Flow, Going, Failing {
  readonly Type: 'Map';
  readonly ItemProcessor?: Machine;
  readonly Iterator?: Machine;
  readonly ItemsPath?: string;
  readonly ItemSelector?: Json;
  readonly MaxConcurrency?: number;
  readonly MaxConcurrencyPath?: string;
}

export interface ChoiceState extends Flow {
  readonly Type: 'Choice';
  readonly Choices: readonly (Rule & { readonly Next: string })[];
  readonly Default?: string;
}

export interface WaitState extends Flow, Going {
  readonly Type: 'Wait';
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
}

export interface PassState extends Flow, Going {
  readonly Type: 'Pass';
  readonly Result?: Json;
}

export interface SucceedState extends Flow {
  readonly Type: 'Succeed';
}

export interface FailState {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

/** The machines inside a state: the branches of a Parallel, the processor of a Map. */
export const innerMachines = (state: State): readonly Machine[] => {
  if (state.Type === 'Parallel') return state.Branches;
  if (state.Type === 'Map') return [processorOf(state)];
  return [];
};

export const processorOf = (state: MapState): Machine => {
  const processor = state.ItemProcessor ?? state.Iterator;
  if (!processor) throw new Error('a Map state has neither ItemProcessor nor Iterator; the check lets none pass');
  return processor;
};

/** All states of a machine by name, however deep: names are unique in the whole machine. */
export const allStates = (machine: Machine): ReadonlyMap<string, State> =>
  new Map(
    Object.entries(machine.States).flatMap(([name, state]) => [
      [name, state] as const,
      ...innerMachines(state).flatMap((inner) => [...allStates(inner)]),
    ]),
  );
