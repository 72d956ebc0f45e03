import { comparisons } from '../choice/comparisons.ts';
import { comparisonNames, comparisonsOf } from '../choice/rule.ts';
import { isList, isObject, type JsonObject } from '../data/json.ts';
import { LAMBDA_INVOKE } from '../states/task-events.ts';
import { type Check, path } from './expressions.ts';
import { catchFields, exclusive, invokeFields, required, retryFields, stateFields } from './fields.ts';
import { hint, type Problem, schema } from './problem.ts';

/** What is wrong with one state by itself; where it leads is the graph's matter. */
export const checkState = (state: unknown, at: string): Problem[] => {
  if (!isObject(state)) return [schema('A state must be an object', at)];
  const types = Object.keys(stateFields);
  const fields = stateFields[String(state['Type'])];
  if (!fields) {
    const found = `${hint(String(state['Type']), types)}`;
    return [schema(`The field 'Type' should have one of these values: [${types.join(', ')}]${found}`, `${at}/Type`)];
  }
  return [
    ...checkFields(state, fields, at),
    ...missing(state, required[String(state['Type'])] ?? [], at),
    ...exclusive.flatMap((names) => together(state, names, at)),
    ...checkTask(state, at),
    ...errorRules(state['Retry'], retryFields, `${at}/Retry`),
    ...errorRules(state['Catch'], catchFields, `${at}/Catch`, ['Next']),
    ...(state['Type'] === 'Choice' ? rulesIn(state['Choices'], `${at}/Choices`, true) : []),
  ];
};

export const checkFields = (value: JsonObject, fields: Readonly<Record<string, Check>>, at: string): Problem[] =>
  Object.entries(value).flatMap(([name, inner]) => {
    const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!check)
      return [schema(`The field '${name}' is not supported${hint(name, Object.keys(fields))}`, `${at}/${name}`)];
    const problem = check(inner);
    return problem === undefined ? [] : [schema(`The field '${name}' ${problem}`, `${at}/${name}`)];
  });

const missing = (state: JsonObject, groups: readonly (readonly string[])[], at: string): Problem[] =>
  groups.flatMap((names) => {
    const found = names.filter((name) => name in state);
    if (found.length === 0) return [schema(`The field '${names.join("' or '")}' is required but was missing`, at)];
    return found.length > 1 ? [schema(`Only one of '${found.join("', '")}' may stand here`, at)] : [];
  });

const together = (state: JsonObject, names: readonly string[], at: string): Problem[] => {
  const found = names.filter((name) => name in state);
  return found.length > 1 ? [schema(`Only one of '${found.join("', '")}' may stand here`, at)] : [];
};

const checkTask = (state: JsonObject, at: string): Problem[] => {
  const { HeartbeatSeconds: heartbeat, TimeoutSeconds: timeout, Resource, Parameters } = state;
  const tooSlow = typeof heartbeat === 'number' && typeof timeout === 'number' && heartbeat >= timeout;
  return [
    ...(tooSlow ? [schema('HeartbeatSeconds must be smaller than TimeoutSeconds', `${at}/HeartbeatSeconds`)] : []),
    ...(String(Resource).startsWith(LAMBDA_INVOKE) ? checkInvoke(Parameters, `${at}/Parameters`) : []),
  ];
};

const checkInvoke = (parameters: unknown, at: string): Problem[] => {
  const given = isObject(parameters) ? Object.keys(parameters).map((key) => key.replace(/\.\$$/, '')) : [];
  const unknown = given.filter((name) => !invokeFields.includes(name));
  const type = isObject(parameters) ? (parameters['InvocationType'] ?? 'RequestResponse') : 'RequestResponse';
  return [
    ...(given.includes('FunctionName') ? [] : [schema("The field 'FunctionName' is required but was missing", at)]),
    ...unknown.map((name) => schema(`The field '${name}' is not supported${hint(name, invokeFields)}`, at)),
    ...(type === 'RequestResponse'
      ? []
      : [schema('The embedded cloud knows the InvocationType RequestResponse only', at)]),
  ];
};

const errorRules = (
  rules: unknown,
  fields: Readonly<Record<string, Check>>,
  at: string,
  needed: string[] = [],
): Problem[] => {
  if (!isList(rules)) return [];
  return rules.flatMap((rule, index) => {
    const place = `${at}[${index}]`;
    if (!isObject(rule)) return [schema('It must be an object', place)];
    const lacking = ['ErrorEquals', ...needed].map((name) => [name]);
    return [
      ...checkFields(rule, fields, place),
      ...missing(rule, lacking, place),
      ...errorNames(rule['ErrorEquals'], index === rules.length - 1, `${place}/ErrorEquals`),
    ];
  });
};

const errorNames = (names: unknown, isLast: boolean, at: string): Problem[] => {
  if (!isList(names)) return [];
  if (names.some((name) => typeof name !== 'string')) return [schema('Error names must be strings', at)];
  if (!names.includes('States.ALL') || (names.length === 1 && isLast)) return [];
  return [schema('States.ALL must stand alone, and in the last place', at)];
};

const rulesIn = (rules: unknown, at: string, isTop: boolean): Problem[] =>
  isList(rules)
    ? rules.flatMap((rule, index) => checkRule(rule, `${at}[${index}]`, isTop))
    : [schema('It must be a list', at)];

const checkRule = (rule: unknown, at: string, isTop: boolean): Problem[] => {
  if (!isObject(rule)) return [schema('A choice rule must be an object', at)];
  return [...checkNext(rule, at, isTop), ...checkTest(rule, at)];
};

const checkNext = (rule: JsonObject, at: string, isTop: boolean): Problem[] => {
  if (isTop && typeof rule['Next'] !== 'string') return [schema("The field 'Next' is required but was missing", at)];
  return !isTop && 'Next' in rule ? [schema('Only a rule at the top may have a Next', at)] : [];
};

const checkTest = (rule: JsonObject, at: string): Problem[] => {
  const { And, Or, Not, Variable } = rule;
  const names = comparisonsOf(rule);
  const kinds = [And, Or, Not, Variable].filter((one) => one !== undefined).length;
  if (kinds !== 1) return [schema('A choice rule has exactly one of And, Or, Not and Variable', at)];
  if (And !== undefined) return rulesIn(And, `${at}/And`, false);
  if (Or !== undefined) return rulesIn(Or, `${at}/Or`, false);
  if (Not !== undefined) return checkRule(Not, `${at}/Not`, false);
  const [name = ''] = names;
  if (names.length !== 1) return [schema('A choice rule has exactly one comparison', at)];
  if (!comparisonNames.includes(name)) return [schema(`'${name}' is no comparison${hint(name, comparisonNames)}`, at)];
  const operand = comparisons.has(name.replace(/Path$/, '')) && name.endsWith('Path') ? path(rule[name]) : undefined;
  const problems = [
    ['Variable', path(Variable)],
    [name, operand ?? operandProblem(name, rule[name])],
  ];
  return problems.flatMap(([field, problem]) =>
    problem === undefined ? [] : [schema(`The field '${field}' ${problem}`, `${at}/${field}`)],
  );
};

const operandProblem = (name: string, value: unknown): string | undefined => {
  const wanted =
    name.endsWith('Path') || /^(String|Timestamp)/.test(name)
      ? 'string'
      : name.startsWith('Numeric')
        ? 'number'
        : 'boolean';
  return typeof value === wanted ? undefined : `must be a ${wanted}`;
};
