import type { Json } from '../data/json.ts';
import { StateFailure } from '../failure.ts';
import { arrayFunctions } from './array-functions.ts';
import { type Argument, type Call, unescaped } from './call.ts';
import { documentFunctions } from './document-functions.ts';
import { format } from './format.ts';
import { numberFunctions } from './number-functions.ts';

/** What a call may read: paths, and a source of random numbers that gives the same ones when a step is taken again. */
export interface Scene {
  readonly read: (argument: Argument & { kind: 'path' }) => Json;
  readonly random: () => number;
}

/** One intrinsic function: gets its arguments, throws a plain Error that says what is wrong with them. */
export type Intrinsic = (args: readonly Json[], scene: Scene) => Json;

const functions: ReadonlyMap<string, Intrinsic> = new Map(
  Object.entries({ ...arrayFunctions, ...documentFunctions, ...numberFunctions, 'States.Format': format }),
);

export const intrinsicNames: readonly string[] = [...functions.keys()];

/** The value of a call; States.IntrinsicFailure when a function refuses its arguments. */
export const evaluate = (call: Call, scene: Scene): Json => {
  const args = call.args.map((argument, index) =>
    argumentValue(argument, scene, call.name === 'States.Format' && index === 0),
  );
  const run = functions.get(call.name);
  try {
    if (!run) throw new Error('it is not an intrinsic function');
    return run(args, scene);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new StateFailure('States.IntrinsicFailure', `The function '${call.text}' had the following error: ${detail}`);
  }
};

const argumentValue = (argument: Argument, scene: Scene, keepEscapes: boolean): Json => {
  switch (argument.kind) {
    case 'call':
      return evaluate(argument, scene);
    case 'path':
      return scene.read(argument);
    case 'value':
      return argument.value;
    case 'string':
      return keepEscapes ? argument.raw : unescaped(argument.raw);
  }
};
