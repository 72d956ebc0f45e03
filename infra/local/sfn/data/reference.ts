import { isList, isObject, type Json, type JsonObject } from './json.ts';
import type { Path, Segment } from './path.ts';

/** Whether a path may stand where a Reference Path must: it names one place, by names and indexes from the front. */
export const isReference = (path: Path): boolean =>
  !path.context && path.segments.every((part) => part.kind === 'name' || (part.kind === 'index' && part.index >= 0));

/**
 * The document with a value put at the place a reference path names; missing objects on the way are made.
 * Undefined where that cannot be: a name inside what is no object, an index that a list does not have.
 */
export const put = (document: Json, path: Path, value: Json): Json | undefined => place(document, path.segments, value);

const place = (document: Json | undefined, segments: readonly Segment[], value: Json): Json | undefined => {
  const [first, ...rest] = segments;
  if (!first) return value;
  if (first.kind === 'name') return inObject(document, first.name, rest, value);
  if (first.kind === 'index') return inList(document, first.index, rest, value);
  return undefined;
};

const inObject = (document: Json | undefined, name: string, rest: readonly Segment[], value: Json) => {
  if (document !== undefined && !isObject(document)) return undefined;
  const holder: JsonObject = document ?? {};
  const inner = place(Object.hasOwn(holder, name) ? holder[name] : undefined, rest, value);
  return inner === undefined ? undefined : { ...holder, [name]: inner };
};

const inList = (document: Json | undefined, index: number, rest: readonly Segment[], value: Json) => {
  if (!isList(document) || index >= document.length) return undefined;
  const inner = place(document[index], rest, value);
  return inner === undefined ? undefined : document.with(index, inner);
};
