import { parameterWords } from '../configuration/parameter-words.ts';
import type { Side } from './side.ts';
import { type ValueChange, valueChanges } from './value-changes.ts';

/** The parameters that differ, by name: their values, or the words for what a deployment puts in. */
export const parameterChanges = (before: Side, after: Side): readonly ValueChange[] =>
  before.beside ? valueChanges(wordsOf(before), wordsOf(after)) : declaredChanges(before, after);

const wordsOf = ({ beside }: Side): Readonly<Record<string, string>> =>
  Object.fromEntries(beside?.parameters.map((each) => [each.name, parameterWords(each)]) ?? []);

/** Of a bare template: which parameters come and go. */
const declaredChanges = ({ template }: Side, after: Side): readonly ValueChange[] => {
  const [old, next] = [Object.keys(template.Parameters ?? {}), wordsOf(after)];
  return [
    ...old.filter((name) => !Object.hasOwn(next, name)).map((path) => ({ path, before: 'declared' })),
    ...Object.keys(next)
      .filter((name) => !old.includes(name))
      .map((path) => ({ path, after: next[path] })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
};
