import type { Machine, State } from './definition.ts';
import type { Execution, Scope, Visit } from './execution.ts';
import type { HistoryEvent } from './history.ts';

/** One step of one execution: a copy of its data, the definition it keeps, and what the step leaves to be done. */
export interface Run {
  readonly execution: Execution;
  readonly machine: Machine;
  readonly states: ReadonlyMap<string, State>;
  readonly now: number;
  readonly region: string;
  readonly account: string;
  /** The state machine is being deleted: AWS ends its executions at their next transition. */
  readonly deleting: boolean;
  readonly history: HistoryEvent[];
  /** Functions to be called once the step is stored. */
  readonly calls: Call[];
}

export interface Call {
  readonly call: number;
  readonly functionArn: string;
  readonly payload: string;
}

/** A scope with the visits around it, from the inside out. */
export interface Place {
  readonly scope: Scope;
  readonly parent?: Frame;
}

/** A place where a state has been entered. */
export interface Frame extends Place {
  readonly visit: Visit;
}

/** Every scope of the execution, outer before inner, in the order of branches and items. */
export function* places(run: Run): Generator<Place> {
  if (run.execution.root) yield* within({ scope: run.execution.root });
}

/** Every scope that is inside a state. */
export function* frames(run: Run): Generator<Frame> {
  for (const place of places(run)) {
    const frame = frameOf(place);
    if (frame) yield frame;
  }
}

function* within(place: Place): Generator<Place> {
  yield place;
  const frame = frameOf(place);
  if (frame?.visit.waiting?.kind !== 'inner') return;
  for (const scope of frame.visit.waiting.scopes) yield* within({ scope, parent: frame });
}

const frameOf = ({ scope, parent }: Place): Frame | undefined =>
  scope.position.kind === 'visit' ? { scope, visit: scope.position, ...(parent ? { parent } : {}) } : undefined;

export const stateOf = (run: Run, name: string): State => {
  const state = run.states.get(name);
  if (!state) throw new Error(`${run.execution.arn} stands at the state ${name}, which its definition does not have`);
  return state;
};

/** The next number of this execution: for calls, tokens, turns and random numbers. */
export const nextSerial = (run: Run): number => {
  run.execution.serial += 1;
  return run.execution.serial;
};
