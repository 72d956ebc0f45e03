import { resolve, type Scope, templateError } from './intrinsics.ts';
import { isRecord, own, type Template } from './template.ts';

/** The truth of every condition, from parameters and mappings alone. */
export const conditionValues = (template: Template, scope: Scope): Readonly<Record<string, boolean>> => {
  const known = new Map<string, boolean>();
  const named = (name: string, path: readonly string[]): boolean => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const definition = own(template.Conditions, name);
    if (definition === undefined || path.includes(name))
      throw templateError(`Unresolved condition dependency ${name} in the Conditions block of the template`);
    const truth = holds(definition, [...path, name]);
    known.set(name, truth);
    return truth;
  };
  const holds = (definition: unknown, path: readonly string[]): boolean => {
    const [key, argument] = isRecord(definition) ? (Object.entries(definition)[0] ?? []) : [];
    const parts = Array.isArray(argument) ? argument : [argument];
    switch (key) {
      case 'Condition':
        return named(String(argument), path);
      case 'Fn::And':
        return parts.every((part) => holds(part, path));
      case 'Fn::Or':
        return parts.some((part) => holds(part, path));
      case 'Fn::Not':
        return !holds(parts[0], path);
      default:
        return String(resolve(definition, scope)) === 'true';
    }
  };
  return Object.fromEntries(Object.keys(template.Conditions ?? {}).map((name) => [name, named(name, [])]));
};

/** The value with every `Fn::If` replaced by the branch its condition takes. */
export const takenBranches = (value: unknown, conditions: Readonly<Record<string, boolean>>): unknown => {
  if (Array.isArray(value)) return value.map((item) => takenBranches(item, conditions));
  if (!isRecord(value)) return value;
  const choice = Object.keys(value).length === 1 ? value['Fn::If'] : undefined;
  if (choice === undefined)
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, takenBranches(member, conditions)]));
  const [name, yes, no] = Array.isArray(choice) ? choice : [];
  const truth = own(conditions, String(name));
  if (truth === undefined || !Array.isArray(choice) || choice.length !== 3)
    throw templateError(`unresolved condition dependency ${JSON.stringify(name)} in Fn::If`);
  return takenBranches(truth ? yes : no, conditions);
};
