import { isList, isObject, type Json, type JsonObject } from '../data/json.ts';

/** Checks of arguments; each throws a plain Error that names what it wanted. */
export const list = (value: Json | undefined): readonly Json[] => {
  if (!isList(value)) throw new Error(`it wants an array, not ${shown(value)}`);
  return value;
};

export const object = (value: Json | undefined): JsonObject => {
  if (!isObject(value)) throw new Error(`it wants an object, not ${shown(value)}`);
  return value;
};

export const text = (value: Json | undefined): string => {
  if (typeof value !== 'string') throw new Error(`it wants a string, not ${shown(value)}`);
  return value;
};

/** A number, rounded as AWS rounds where it wants an integer. */
export const integer = (value: Json | undefined): number => {
  if (typeof value !== 'number') throw new Error(`it wants a number, not ${shown(value)}`);
  return Math.round(value);
};

/** The arguments, when there are between `least` and `most` of them. */
export const count = (args: readonly Json[], least: number, most = least): readonly Json[] => {
  if (args.length >= least && args.length <= most) return args;
  const wanted = least === most ? String(least) : `${least} to ${most}`;
  throw new Error(`it wants ${wanted} arguments and got ${args.length}`);
};

const shown = (value: Json | undefined) => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200));
