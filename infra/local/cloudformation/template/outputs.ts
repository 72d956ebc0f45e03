import { AwsError } from '../../wire/service.ts';
import type { StackOutput } from '../records.ts';
import { resolve, type Scope } from './intrinsics.ts';
import { isRecord } from './template.ts';

/** The outputs of a prepared template, sorted by key. */
export const resolveOutputs = (scope: Scope): readonly StackOutput[] =>
  Object.entries(scope.template.Outputs ?? {})
    .map(([key, { Value, Description, Export }]) => ({
      key,
      value: text(key, resolve(Value, scope)),
      ...(Description === undefined ? {} : { description: Description }),
      ...(Export === undefined ? {} : { exportName: text(key, resolve(Export.Name, scope)) }),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));

/** Names of the exports of other stacks that the template uses. */
export const importsOf = (scope: Scope): readonly string[] => {
  const names = new Set<string>();
  const collecting: Scope = {
    ...scope,
    importValue: (name) => {
      names.add(name);
      return scope.importValue(name);
    },
  };
  for (const { Properties } of Object.values(scope.template.Resources))
    if (isRecord(Properties)) resolve(Properties, collecting);
  resolveOutputs(collecting);
  return [...names].sort();
};

const text = (key: string, value: unknown): string => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new AwsError(
    'ValidationError',
    `Template format error: Output ${key} is malformed. The Value field of every Outputs member must evaluate to a String.`,
  );
};
