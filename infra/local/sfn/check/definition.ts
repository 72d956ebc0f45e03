import { AwsError } from '../../wire/service.ts';
import { isList, isObject, type JsonObject } from '../data/json.ts';
import type { Machine } from '../definition.ts';
import type { Check } from './expressions.ts';
import { innerFields, machineFields } from './fields.ts';
import { checkGraph } from './graph.ts';
import { type Problem, schema } from './problem.ts';
import { checkFields, checkState } from './state.ts';

const LONGEST_STATE_NAME = 80;

/** The definition, parsed, when nothing is wrong with it; else InvalidDefinition, which names every place. */
export const checkedDefinition = (text: unknown): Machine => {
  const parsed = parsedOrRefused(text);
  const problems = problemsOf(parsed);
  if (problems.length === 0) return parsed as unknown as Machine; // this check is what makes it one
  throw refused(problems.map(({ code, message, at }) => `${code}: ${message} at ${at === '' ? '/' : at}`).join(', '));
};

const refused = (problems: string) =>
  new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${problems}'`);

const parsedOrRefused = (text: unknown): JsonObject => {
  try {
    const parsed: unknown = JSON.parse(String(text));
    if (isObject(parsed)) return parsed;
  } catch (error) {
    throw refused(`INVALID_JSON_DESCRIPTION: ${error}`);
  }
  throw refused('INVALID_JSON_DESCRIPTION: a definition must be an object');
};

/** Everything wrong with a definition. */
export const problemsOf = (machine: JsonObject): Problem[] => [
  ...checkMachine(machine, machineFields, ''),
  ...duplicates(statesIn(machine, '')),
];

const checkMachine = (machine: unknown, fields: Readonly<Record<string, Check>>, at: string): Problem[] => {
  if (!isObject(machine)) return [schema('It must be an object', at)];
  const lacking = ['StartAt', 'States'].filter((name) => !(name in machine));
  if (lacking.length > 0) return [schema(`These fields are required: [${lacking.join(', ')}]`, at)];
  return [
    ...checkFields(machine, fields, at),
    ...checkGraph(machine, at),
    ...Object.entries(isObject(machine['States']) ? machine['States'] : {}).flatMap(([name, state]) => [
      ...(name.length > LONGEST_STATE_NAME
        ? [schema(`Names have at most ${LONGEST_STATE_NAME} characters`, `${at}/States/${name}`)]
        : []),
      ...checkState(state, `${at}/States/${name}`),
      ...innerOf(state, `${at}/States/${name}`).flatMap((inner) => checkMachine(inner.machine, innerFields, inner.at)),
    ]),
  ];
};

const innerOf = (state: unknown, at: string): { machine: unknown; at: string }[] => {
  if (!isObject(state)) return [];
  const { Type, Branches, ItemProcessor, Iterator } = state;
  if (Type === 'Parallel' && isList(Branches)) {
    return Branches.map((machine, index) => ({ machine, at: `${at}/Branches[${index}]` }));
  }
  if (Type !== 'Map') return [];
  if (ItemProcessor !== undefined) return [{ machine: ItemProcessor, at: `${at}/ItemProcessor` }];
  return Iterator === undefined ? [] : [{ machine: Iterator, at: `${at}/Iterator` }];
};

const statesIn = (machine: unknown, at: string): { name: string; at: string }[] => {
  if (!isObject(machine) || !isObject(machine['States'])) return [];
  return Object.entries(machine['States']).flatMap(([name, state]) => [
    { name, at: `${at}/States/${name}` },
    ...innerOf(state, `${at}/States/${name}`).flatMap((inner) => statesIn(inner.machine, inner.at)),
  ]);
};

/** A state's name is unique in the whole machine, branches and iterators included. */
const duplicates = (states: readonly { name: string; at: string }[]): Problem[] => {
  const seen = new Set<string>();
  return states.flatMap(({ name, at }) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ code: 'DUPLICATE_STATE_NAME' as const, message: `Duplicate State name: ${name}`, at }];
  });
};
