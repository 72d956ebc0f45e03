import { runtime, StateFailure } from '../failure.ts';
import type { Json } from './json.ts';
import { parsePath } from './path.ts';
import { put } from './reference.ts';
import { fill, mustLook, type View } from './template.ts';

/** The fields by which a state shapes what goes in and what comes out, in the order in which they are applied. */
export interface Flow {
  readonly InputPath?: string | null;
  readonly Parameters?: Json;
  readonly ResultSelector?: Json;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string | null;
}

/** The part of the input that InputPath chooses; null stands for an empty object. */
export const chosenInput = ({ InputPath = '$' }: Flow, view: View): Json =>
  InputPath === null ? {} : mustLook(InputPath, view);

/** The input after InputPath and Parameters: what the state works on. */
export const effectiveInput = (flow: Flow, view: View): Json => {
  const chosen = chosenInput(flow, view);
  return flow.Parameters === undefined ? chosen : fill(flow.Parameters, { ...view, input: chosen });
};

/** The output of a state that has a result; `view.input` is the state's raw input. */
export const outputOf = (flow: Flow, result: Json, view: View): Json => {
  const selected = flow.ResultSelector === undefined ? result : fill(flow.ResultSelector, { ...view, input: result });
  return chosenOutput(flow, merged(flow.ResultPath, selected, view.input), view);
};

export const chosenOutput = ({ OutputPath = '$' }: Flow, output: Json, view: View): Json =>
  OutputPath === null ? {} : mustLook(OutputPath, { ...view, input: output });

/** The raw input with a result at the place that ResultPath names; null throws the result away. */
export const merged = (resultPath: string | null | undefined, result: Json, input: Json): Json => {
  if (resultPath === null) return input;
  const whole = put(input, parsePath(resultPath ?? '$'), result);
  if (whole !== undefined) return whole;
  throw new StateFailure(
    'States.ResultPathMatchFailure',
    `Unable to apply ResultPath '${resultPath}' to input '${JSON.stringify(input)}'`,
  );
};

/** A number of seconds that a `...SecondsPath` field points to. */
export const secondsAt = (path: string, field: string, view: View): number => {
  const value = mustLook(path, view);
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw runtime(`The ${field} parameter cannot be parsed as a long value: ${path} == ${JSON.stringify(value)}`);
  }
  if (value < 0) throw runtime(`The ${field} parameter references a negative value: ${path} == ${value}`);
  return value;
};
