import { conditionValues, takenBranches } from './conditions.ts';
import { dependencyGraph } from './graph.ts';
import { type Scope, templateError } from './intrinsics.ts';
import { parameterValue } from './parameters.ts';
import { formatError, own, type Template } from './template.ts';

/** Where a template is deployed: what the pseudo parameters give. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly stackId: string;
}

/** A template with its parameters: conditions decided, resources and outputs that do not apply gone, no `Fn::If` left. */
export interface Prepared {
  readonly template: Template;
  readonly pseudo: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Logical id -> the logical ids it needs first; free of cycles. */
  readonly graph: ReadonlyMap<string, readonly string[]>;
}

/** Throws AWS's ValidationError for dangling references, unknown conditions and circular dependencies. */
export const prepare = (template: Template, texts: Readonly<Record<string, string>>, place: Place): Prepared => {
  const pseudo = pseudoParameters(place);
  const parameters = Object.fromEntries(
    Object.entries(template.Parameters ?? {}).map(([name, declaration]) => [
      name,
      parameterValue(declaration, texts[name] ?? ''),
    ]),
  );
  const conditions = conditionValues(template, conditionScope(template, pseudo, parameters));
  const applies = (kind: string, name: string, condition: string | undefined): boolean => {
    const truth = condition === undefined ? true : own(conditions, condition);
    if (truth === undefined)
      throw formatError(
        `Unresolved condition dependencies [${condition}] in the ${kind} block of the template (${name})`,
      );
    return truth;
  };
  const active = <T extends { readonly Condition?: string }>(kind: string, all: Readonly<Record<string, T>>) =>
    Object.fromEntries(
      Object.entries(all)
        .filter(([name, one]) => applies(kind, name, one.Condition))
        .map(([name, one]) => [name, takenBranches(one, conditions) as T]),
    );
  const taken: Template = {
    ...template,
    Resources: active('Resources', template.Resources),
    Outputs: active('Outputs', template.Outputs ?? {}),
  };
  return { template: taken, pseudo, parameters, graph: dependencyGraph(template, taken) };
};

const pseudoParameters = ({ account, region, stackName, stackId }: Place) => ({
  'AWS::AccountId': account,
  'AWS::Region': region,
  'AWS::StackName': stackName,
  'AWS::StackId': stackId,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NotificationARNs': [],
});

const conditionScope = (template: Template, pseudo: Scope['pseudo'], parameters: Scope['parameters']): Scope => ({
  template,
  pseudo,
  parameters,
  reference: (logicalId) => {
    throw formatError(
      `Unresolved dependencies [${logicalId}]. Cannot reference resources in the Conditions block of the template`,
    );
  },
  importValue: (name) => {
    throw templateError(`Fn::ImportValue ${name} cannot stand in the Conditions block of the template`);
  },
});
