import { type Json, type JsonObject, parseJson } from './data/json.ts';
import type { View } from './data/template.ts';
import type { Frame, Run } from './run.ts';
import { nextSerial, stateOf } from './run.ts';
import { seededRandom } from './seed.ts';

/** What only some expressions may read besides. */
export interface Extra {
  /** The token of the task that is about to begin. */
  readonly token?: string;
  /** The item an ItemSelector is filled for. */
  readonly item?: { readonly index: number; readonly value: Json };
}

/** What the expressions of a state read: the input given, and the context object `$$` of this very place. */
export const viewOf = (run: Run, frame: Frame, input: Json, extra: Extra = {}): View => ({
  input,
  get context() {
    return contextOf(run, frame, extra);
  },
  random: () => seededRandom(`${run.execution.arn} ${run.execution.startMillis} ${nextSerial(run)}`),
});

/** https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
const contextOf = (run: Run, frame: Frame, { token, item = itemOf(frame) }: Extra): JsonObject => {
  const { arn, name, input, startMillis, roleArn, machineArn, machineName } = run.execution;
  return {
    Execution: {
      Id: arn,
      Input: parseJson(input),
      StartTime: new Date(startMillis).toISOString(),
      Name: name,
      RoleArn: roleArn,
      RedriveCount: 0,
    },
    StateMachine: { Id: machineArn, Name: machineName },
    State: stateContext(run, frame),
    ...(token === undefined ? {} : { Task: { Token: token } }),
    ...(item === undefined ? {} : { Map: { Item: { Index: item.index, Value: item.value } } }),
  };
};

const retrying = new Set(['Task', 'Parallel', 'Map']);

/** AWS gives a retry count to the states that can retry, and to no other. */
const stateContext = (run: Run, { visit }: Frame): JsonObject => ({
  Name: visit.state,
  EnteredTime: new Date(visit.enteredMillis).toISOString(),
  ...(retrying.has(stateOf(run, visit.state).Type) ? { RetryCount: visit.retries } : {}),
});

/** The item of the innermost Map around a place. */
const itemOf = ({ scope, parent }: Frame): Extra['item'] => {
  if (!parent) return undefined;
  const { waiting } = parent.visit;
  if (waiting?.kind !== 'inner' || !waiting.items) return itemOf(parent);
  return { index: scope.index, value: waiting.items[scope.index] ?? null };
};
