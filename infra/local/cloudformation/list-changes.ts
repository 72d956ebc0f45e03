import type { Properties } from '../part.ts';
import type { RoleQuestion } from './role-question.ts';

/** Elements of a list that the resource has now and had not before. */
export const newOf = ({ properties, previous }: RoleQuestion, property: string): readonly unknown[] =>
  without(listOf(properties, property), listOf(previous, property));

/** Those that it loses: with a delete all of them. */
export const goneOf = ({ verb, properties, previous }: RoleQuestion, property: string): readonly unknown[] =>
  verb === 'delete' ? listOf(properties, property) : without(listOf(previous, property), listOf(properties, property));

export const listOf = (properties: Properties | undefined, property: string): readonly unknown[] => {
  const value = properties?.[property];
  return Array.isArray(value) ? value : [];
};

const without = (list: readonly unknown[], taken: readonly unknown[]): readonly unknown[] => {
  const known = new Set(taken.map((item) => JSON.stringify(item)));
  return list.filter((item) => !known.has(JSON.stringify(item)));
};
