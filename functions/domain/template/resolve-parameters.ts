import { StepFailure } from '../failure.ts';
import type { Parameter } from './template.ts';

/** What deferred parameters are resolved from, read at the moment of the CloudFormation call. */
export interface World {
  /** Priorities of the rules, by the parameters' names. */
  readonly priorities: Readonly<Record<string, number>>;
  /** Desired counts by runtime; a runtime that is not named starts with its configured count. */
  readonly counts: Readonly<Record<string, number>>;
  /** ARN of the application's secret of each database, by the database's key. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * The value of every parameter.
 * @throws StepFailure SecretMissing
 */
export const resolveParameters = (parameters: readonly Parameter[], world: World): Readonly<Record<string, string>> =>
  Object.fromEntries(parameters.map((parameter) => [parameter.name, resolved(parameter, world)]));

const resolved = (parameter: Parameter, world: World): string => {
  switch (parameter.kind) {
    case 'value':
      return parameter.value;
    case 'desiredCount':
      return String(world.counts[parameter.runtime] ?? parameter.initial);
    case 'databaseSecret':
      return world.secrets[parameter.database] ?? missingSecret(parameter.database);
    case 'rulePriority':
      return String(world.priorities[parameter.name] ?? missingPriority(parameter.name));
  }
};

const missingSecret = (database: string): never => {
  throw new StepFailure({
    code: 'SecretMissing',
    message: `The secret of database ${database} has not been made`,
    left: 'The stack was not changed',
    remedy: 'Deploy with the strategy full, which makes it',
  });
};

const missingPriority = (parameter: string): never => {
  throw new Error(`No priority was chosen for ${parameter}`);
};
