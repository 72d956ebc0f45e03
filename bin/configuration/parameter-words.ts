import { type Parameter, rulePriorityRanges } from '../../functions/domain/template/template.ts';

/** A parameter as a release knows it: with its value, or with what its value will be when CloudFormation is called. */
export type ToldParameter =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly deferred: Exclude<Parameter['kind'], 'value'>; readonly says: string };

export const toldParameter = (parameter: Parameter): ToldParameter => {
  const { name, kind } = parameter;
  switch (kind) {
    case 'value':
      return { name, value: parameter.value };
    case 'desiredCount':
      return { name, deferred: kind, says: `the count that runs; ${parameter.initial} at first` };
    case 'databaseSecret':
      return { name, deferred: kind, says: `the ARN of the secret of the database ${parameter.database}` };
    case 'rulePriority': {
      const [from, to] = rulePriorityRanges[parameter.group];
      const range = `from ${from} to ${to} (${parameter.group})`;
      return { name, deferred: kind, says: `the priority that the rule has, else the lowest free one ${range}` };
    }
  }
};

/** The value, or the words that stand for it. */
export const parameterWords = (parameter: Parameter): string => {
  const told = toldParameter(parameter);
  return 'value' in told ? told.value : `at deployment: ${told.says}`;
};
