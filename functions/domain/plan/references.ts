import { referencesOf } from '../template/references.ts';
import type { Template } from '../template/template.ts';

/** Logical ids of the resources of a template that a part of it refers to, sorted. */
export const resourcesIn = (part: unknown, { Resources }: Template): readonly string[] =>
  [...referencesOf(part).names].filter((name) => Object.hasOwn(Resources, name)).sort();

/** Everything a resource refers to, directly or through others. */
export const dependenciesOf = (logicalId: string, template: Template): ReadonlySet<string> => {
  const seen = new Set(resourcesIn(template.Resources[logicalId], template));
  // A set visits what is added while it is walked.
  for (const id of seen) for (const name of resourcesIn(template.Resources[id], template)) seen.add(name);
  return seen;
};
