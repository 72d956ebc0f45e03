import { holds } from '../../infra/local/sfn/choice/rule.ts';
import { effectiveInput, merged, outputOf } from '../../infra/local/sfn/data/flow.ts';
import { isList, type Json, type JsonObject } from '../../infra/local/sfn/data/json.ts';
import { fill, mustLook, type View } from '../../infra/local/sfn/data/template.ts';
import type { ChoiceState, Machine, MapState, State, TaskState } from '../../infra/local/sfn/definition.ts';
import { processorOf } from '../../infra/local/sfn/definition.ts';
import { errorOutput, matches, StateFailure } from '../../infra/local/sfn/failure.ts';
import { delayMillis } from '../../infra/local/sfn/retry.ts';

/** What a machine needs of the world around it. */
export interface Surroundings {
  /** Runs the function of a name; throws what it threw. */
  invoke(name: string, payload: Json): Promise<Json>;
  /** A new task token, and what comes through it: an answer, or a StateFailure. */
  token(): { readonly taskToken: string; readonly end: Promise<Json>; forget(): void };
  sleep(millis: number): Promise<void>;
  readonly executionArn: string;
}

/**
 * Runs a machine of ours to its end in memory, by its own definition: states, retries, catches, tokens. Nothing is kept, so it
 * is a hundred times as fast as the embedded engine, whose rules for paths, choices and errors it uses.
 * @throws StateFailure when the execution fails.
 */
export const runMachine = async (machine: Machine, input: Json, around: Surroundings, item?: Json): Promise<Json> => {
  let at: string | undefined = machine.StartAt;
  let data = input;
  while (at !== undefined) {
    const state: State | undefined = machine.States[at];
    if (!state) throw new Error(`The machine has no state ${at}`);
    const left: Left = await leave(state, data, { around, item });
    data = left.output;
    at = left.next;
  }
  return data;
};

interface Place {
  readonly around: Surroundings;
  /** Of the Map around the state. */
  readonly item: Json | undefined;
}

interface Left {
  readonly output: Json;
  readonly next: string | undefined;
}

const leave = async (state: State, input: Json, place: Place): Promise<Left> => {
  const view = viewOf(place, input);
  switch (state.Type) {
    case 'Choice':
      return { output: input, next: chosen(state, view) };
    case 'Wait':
      await place.around.sleep((state.Seconds ?? 0) * 1000);
      return { output: input, next: state.Next };
    case 'Pass':
      return { output: outputOf(state, effectiveInput(state, view), view), next: state.Next };
    case 'Succeed':
      return { output: input, next: undefined };
    case 'Fail':
      throw new StateFailure(
        'Failed',
        `${mustLook(state.ErrorPath ?? '', view)}: ${mustLook(state.CausePath ?? '', view)}`,
      );
    default:
      return caught(state, view, () => resultOf(state, view, place));
  }
};

const viewOf = ({ around, item }: Place, input: Json, taskToken = ''): View => ({
  input,
  context: {
    Execution: { Id: around.executionArn },
    Task: { Token: taskToken },
    ...(item !== undefined && { Map: { Item: { Value: item } } }),
  },
  random: () => 0.5,
});

const chosen = (state: ChoiceState, view: View): string => {
  const next = state.Choices.find((rule) => holds(rule, view))?.Next ?? state.Default;
  if (next === undefined) throw new StateFailure('States.NoChoiceMatched');
  return next;
};

type Working = Extract<State, { readonly Type: 'Task' | 'Parallel' | 'Map' }>;

const caught = async (state: Working, view: View, run: () => Promise<Json>): Promise<Left> => {
  const { Parameters: _, ...flow } = state;
  try {
    return { output: outputOf(flow, await run(), view), next: state.Next };
  } catch (error) {
    const failure = failureOf(error);
    const catcher = state.Catch?.find(({ ErrorEquals }) => matches(ErrorEquals, failure));
    if (!catcher) throw failure;
    return { output: merged(catcher.ResultPath, { ...errorOutput(failure) }, view.input), next: catcher.Next };
  }
};

const resultOf = async (state: Working, view: View, place: Place): Promise<Json> => {
  switch (state.Type) {
    case 'Task':
      return tried(state, view, place);
    case 'Parallel': {
      const input = effectiveInput(state, view);
      return Promise.all(state.Branches.map((branch) => runMachine(branch, input, place.around, place.item)));
    }
    case 'Map':
      return Promise.all(
        itemsOf(state, view).map((item) =>
          runMachine(processorOf(state), itemInput(state, view, { ...place, item }), place.around, item),
        ),
      );
  }
};

const itemsOf = ({ ItemsPath = '$' }: MapState, view: View): readonly Json[] => {
  const items = mustLook(ItemsPath, view);
  return isList(items) ? items : [];
};

const itemInput = ({ ItemSelector }: MapState, { input }: View, place: Place): Json =>
  ItemSelector === undefined ? (place.item ?? null) : fill(ItemSelector, viewOf(place, input));

/** A task with its retries, each with a task token of its own. */
const tried = async (state: TaskState, view: View, place: Place): Promise<Json> => {
  const tries: number[] = [];
  for (;;) {
    try {
      return await once(state, view, place);
    } catch (error) {
      const failure = failureOf(error);
      const index = (state.Retry ?? []).findIndex(({ ErrorEquals }) => matches(ErrorEquals, failure));
      const retrier = state.Retry?.[index];
      const before = tries[index] ?? 0;
      if (!retrier || before >= (retrier.MaxAttempts ?? 3)) throw failure;
      tries[index] = before + 1;
      await place.around.sleep(delayMillis(retrier, before, 1));
    }
  }
};

const once = async (state: TaskState, { input }: View, place: Place): Promise<Json> => {
  const waiting = state.Resource.endsWith('.waitForTaskToken') ? place.around.token() : undefined;
  const parameters = effectiveInput(state, viewOf(place, input, waiting?.taskToken)) as JsonObject;
  const name = /^\$\{(\w+)\}$/.exec(String(parameters['FunctionName']))?.[1] ?? '';
  const answer = place.around.invoke(name, parameters['Payload'] ?? null);
  if (!waiting) return { Payload: await answer };
  try {
    return await Promise.race([waiting.end, answer.then(() => waiting.end)]);
  } finally {
    waiting.forget();
  }
};

const failureOf = (error: unknown): StateFailure => {
  if (error instanceof StateFailure) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return new StateFailure(name, message);
};
