import { isList, isObject, type JsonObject } from '../data/json.ts';
import { hint, type Problem, target } from './problem.ts';

/** How the states of one machine or branch lead to each other: known targets, every state reached, an end. */
export const checkGraph = ({ StartAt, States }: JsonObject, at: string): Problem[] => {
  if (!isObject(States)) return [];
  const names = Object.keys(States);
  const links = [
    { to: String(StartAt), at: `${at}/StartAt`, field: 'StartAt' },
    ...names.flatMap((name) => linksOf(States[name], `${at}/States/${name}`)),
  ];
  const lost = links.filter(({ to }) => !Object.hasOwn(States, to));
  const reached = reachedFrom(String(StartAt), States);
  return [
    ...lost.map(({ to, at: place, field }) => target(`Missing '${field}' target: ${to}${hint(to, names)}`, place)),
    ...names
      .filter((name) => !reached.has(name) && lost.length === 0)
      .map((name) => target(`State "${name}" is not reachable.`, `${at}/States/${name}`)),
    ...names.flatMap((name) => deadEnd(States[name], `${at}/States/${name}`)),
    ...(names.some((name) => isTerminal(States[name])) ? [] : [target('No state ends the machine.', `${at}/States`)]),
  ];
};

interface Link {
  readonly to: string;
  readonly at: string;
  readonly field: string;
}

const linksOf = (state: unknown, at: string): Link[] => {
  if (!isObject(state)) return [];
  const one = (value: unknown, place: string, field: string): Link[] =>
    typeof value === 'string' ? [{ to: value, at: place, field }] : [];
  const each = (list: unknown, place: string): Link[] =>
    isList(list)
      ? list.flatMap((item, index) => (isObject(item) ? one(item['Next'], `${place}[${index}]/Next`, 'Next') : []))
      : [];
  return [
    ...one(state['Next'], `${at}/Next`, 'Next'),
    ...one(state['Default'], `${at}/Default`, 'Default'),
    ...each(state['Catch'], `${at}/Catch`),
    ...(state['Type'] === 'Choice' ? each(state['Choices'], `${at}/Choices`) : []),
  ];
};

const reachedFrom = (start: string, states: JsonObject): ReadonlySet<string> => {
  const reached = new Set([start]);
  for (const name of reached) for (const { to } of linksOf(states[name], '')) reached.add(to);
  return reached;
};

const selfEnding = new Set(['Choice', 'Succeed', 'Fail']);

const deadEnd = (state: unknown, at: string): Problem[] => {
  if (!isObject(state) || selfEnding.has(String(state['Type'])) || 'Next' in state || 'End' in state) return [];
  return [target("It has neither 'Next' nor 'End'.", at)];
};

const isTerminal = (state: unknown): boolean =>
  isObject(state) && (state['End'] === true || state['Type'] === 'Succeed' || state['Type'] === 'Fail');
