import { referencesOf } from './references.ts';

/** Ids that refer to each other in a circle, or undefined; CloudFormation refuses such a template. */
export const findCycle = (resources: Readonly<Record<string, unknown>>): readonly string[] | undefined => {
  const waiting = new Map(
    Object.entries(resources).map(([id, resource]) => [
      id,
      [...referencesOf(resource).names].filter((name) => Object.hasOwn(resources, name)),
    ]),
  );
  for (let before = -1; before !== waiting.size; ) {
    before = waiting.size;
    for (const [id, needs] of waiting) if (needs.every((name) => !waiting.has(name))) waiting.delete(id);
  }
  return waiting.size === 0 ? undefined : [...waiting.keys()].sort();
};
