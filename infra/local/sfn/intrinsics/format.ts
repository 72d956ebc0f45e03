import { isList, isObject, type Json } from '../data/json.ts';
import { text } from './arguments.ts';
import type { Intrinsic } from './evaluate.ts';

/** States.Format: each `{}` of the template takes the next argument; `\{`, `\}`, `\'` and `\\` stand for themselves. */
export const format: Intrinsic = ([template, ...values]) => {
  let used = 0;
  const result = text(template).replace(/\\(.)|\{\}/gs, (token: string, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const value = values[used++];
    if (value === undefined) throw new Error(`'${token}' number ${used} has no argument`);
    return shown(value);
  });
  if (used !== values.length) throw new Error(`it has ${used} places for ${values.length} arguments`);
  return result;
};

/** As AWS prints a value here: objects and arrays in the manner of Java, strings bare. */
const shown = (value: Json): string => {
  if (isList(value)) return `[${value.map(shown).join(', ')}]`;
  if (!isObject(value)) return String(value);
  const pairs = Object.entries(value).map(([key, inner]) => `${key}=${shown(inner)}`);
  return `{${pairs.join(', ')}}`;
};
