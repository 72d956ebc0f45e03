import type { Application } from '../application/application.ts';
import { containersOf, unknownName } from '../application/check-references.ts';
import { type Finding, findingAt, type Keys } from '../configuration/finding.ts';
import { type Environment, variableOf } from './environment.ts';

/** The names by which an application asks its environment for something: variables, policies, links. */
export const checkNames = (application: Application, environment: Environment): readonly Finding[] => {
  const vars = environment.vars.map(({ name }) => name);
  const policies = environment.aws.iamPolicies.map(({ name }) => name);
  const links = ['*', ...environment.aws.environmentLinks.map(({ lookupName }) => lookupName)];
  const unknown = (keys: Keys, what: string, name: string, known: readonly string[]) =>
    known.includes(name) ? [] : [unknownName(keys, `${what} of ${environment.fullName}`, name, known)];

  return [
    ...containersOf(application).flatMap(({ envVars, keys }) =>
      envVars.flatMap(({ fromEnv }, index) => {
        if (!fromEnv) return [];
        const at = [...keys, 'envVars', index, 'fromEnv', 'name'];
        return [...unknown(at, 'variable', fromEnv.name, vars), ...tooLong(at, variableOf(environment, fromEnv.name))];
      }),
    ),
    ...application.runtimes.flatMap(({ namedEnvPolicies, subscriptions }, runtime) => [
      ...namedEnvPolicies.flatMap((name, index) =>
        unknown(['runtimes', runtime, 'namedEnvPolicies', index], 'policy', name, policies),
      ),
      ...subscriptions.flatMap(({ envName }, index) =>
        envName === undefined
          ? []
          : unknown(['runtimes', runtime, 'subscriptions', index, 'envName'], 'environment link', envName, links),
      ),
    ]),
  ];
};

/** CloudFormation's limit for the value of a parameter. */
const maxParameterBytes = 4096;

const tooLong = (keys: Keys, value = '') =>
  new TextEncoder().encode(value).length > maxParameterBytes
    ? [findingAt(keys, `its value is longer than the ${maxParameterBytes} bytes that a stack parameter takes`)]
    : [];
