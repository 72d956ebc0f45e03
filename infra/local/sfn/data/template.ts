import { runtime } from '../failure.ts';
import { type Call, isCall, parseCall } from '../intrinsics/call.ts';
import { evaluate } from '../intrinsics/evaluate.ts';
import { isList, isObject, type Json } from './json.ts';
import { type Path, parsePath } from './path.ts';
import { query } from './query.ts';

/** What the expressions of a state may read. */
export interface View {
  readonly input: Json;
  /** The context object, `$$`. */
  readonly context: Json;
  readonly random: () => number;
}

const calls = new Map<string, Call>();

/** Fills a payload template: fields whose name ends in `.$` hold a path or a call, all else is literal. */
export const fill = (template: Json, view: View): Json => {
  if (isList(template)) return template.map((item) => fill(item, view));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith('.$') ? [key.slice(0, -2), expression(String(value), key, view)] : [key, fill(value, view)],
    ),
  );
};

/** The value of a path or of an intrinsic call that stands in the field named. */
export const expression = (text: string, field: string, view: View): Json => {
  if (!isCall(text)) return inField(parsePath(text), field, view);
  const call = calls.get(text) ?? parseCall(text);
  calls.set(text, call);
  return evaluate(call, { read: ({ path }) => inField(path, field, view), random: view.random });
};

const inField = (path: Path, field: string, view: View): Json => {
  const found = look(path, view);
  if (found !== undefined) return found;
  const source = JSON.stringify(path.context ? view.context : view.input);
  throw runtime(
    `The JSONPath '${path.text}' specified for the field '${field}' could not be found in the input '${source}'`,
  );
};

/** What a path finds in the input, or in the context object for `$$`; undefined when nothing is there. */
export const look = (path: Path, view: View): Json | undefined => query(path, path.context ? view.context : view.input);

/** As `look`, for the fields where AWS names the missing part: InputPath, OutputPath, TimeoutSecondsPath and their like. */
export const mustLook = (text: string, view: View): Json => {
  const found = look(parsePath(text), view);
  if (found !== undefined) return found;
  const part = text.replace(/^\${1,2}\.?/, '');
  throw runtime(`Invalid path '${text}' : No results for path: $['${part}']`);
};
