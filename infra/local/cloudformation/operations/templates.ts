import { AwsError, type Input, type Operation } from '../../wire/service.ts';
import type { StackRecord } from '../records.ts';
import { neededCapability } from '../template/capabilities.ts';
import { checkAttributes } from '../template/check-attributes.ts';
import { dependencyGraph } from '../template/graph.ts';
import { isNoEcho } from '../template/parameters.ts';
import { parseTemplate } from '../template/parse-template.ts';
import type { Template } from '../template/template.ts';
import { onStack, onTemplate } from './access.ts';
import type { Desk } from './desk.ts';
import { getChangeSet } from './find-change-set.ts';
import { getStack } from './stacks.ts';
import { checkTypes, templateBody } from './submission.ts';

/** GetTemplate, GetTemplateSummary, ValidateTemplate. */
export const templateOperations = (desk: Desk): Readonly<Record<string, Operation>> => ({
  GetTemplate: { ...onStack(desk), run: (input) => getTemplate(desk, input) },
  GetTemplateSummary: {
    resources: onStack(desk).resources,
    alsoNeeds: onTemplate.alsoNeeds,
    run: (input) => getTemplateSummary(desk, input),
  },
  ValidateTemplate: { ...onTemplate, run: (input) => validateTemplate(desk, input) },
});

/**
 * Original and Processed are the same text: no transform is ever expanded here. A stack that a change set is only about to
 * make has none, which is no error: CDK's command line asks in that very moment.
 */
const getTemplate = (desk: Desk, input: Input) => {
  const { declaration } = input.ChangeSetName ? getChangeSet(desk, input) : getStack(desk.records, input.StackName);
  return {
    TemplateBody: declaration && desk.records.template(declaration.templateId),
    StagesAvailable: ['Original', 'Processed'],
  };
};

const stackWithTemplate = (desk: Desk, { StackName }: Input): StackRecord => {
  const stack = getStack(desk.records, StackName);
  if (!stack.declaration) throw new AwsError('ValidationError', `Stack with id ${StackName} has no template yet`);
  return stack;
};

const getTemplateSummary = async (desk: Desk, input: Input) => {
  const stack = input.StackName ? stackWithTemplate(desk, input) : undefined;
  const body = await templateBody(desk, stack ? { UsePreviousTemplate: 'true' } : input, stack);
  const template = parseTemplate(body);
  const parameters = Object.entries(template.Parameters ?? {}).map(([ParameterKey, declared]) => ({
    ...{ ParameterKey, ParameterType: declared.Type, NoEcho: isNoEcho(declared), Description: declared.Description },
    DefaultValue: declared.Default === undefined ? undefined : String(declared.Default),
    ParameterConstraints: { AllowedValues: (declared.AllowedValues ?? []).map(String) },
  }));
  return {
    ...common(template),
    Parameters: parameters,
    ResourceTypes: [...new Set(Object.values(template.Resources).map(({ Type }) => Type))].sort(),
    Metadata: template.Metadata === undefined ? undefined : JSON.stringify(template.Metadata),
    ResourceIdentifierSummaries: identifierSummaries(desk, template),
  };
};

/** What an import would have to name, for the types that can be imported. */
const identifierSummaries = (desk: Desk, { Resources }: Template) => {
  const byType = Object.groupBy(Object.entries(Resources), ([, { Type }]) => Type);
  return Object.entries(byType).flatMap(([ResourceType, resources = []]) => {
    const ResourceIdentifiers = desk.importing(ResourceType)?.identifier;
    const LogicalResourceIds = resources.map(([logicalId]) => logicalId);
    return ResourceIdentifiers ? [{ ResourceType, LogicalResourceIds, ResourceIdentifiers }] : [];
  });
};

const validateTemplate = async (desk: Desk, input: Input) => {
  const template = parseTemplate(await templateBody(desk, input, undefined));
  checkTypes(desk, template);
  // Without parameters no condition is decided: every branch counts, as at AWS.
  dependencyGraph(template, template);
  checkAttributes(template);
  return {
    ...common(template),
    Parameters: Object.entries(template.Parameters ?? {}).map(([ParameterKey, declared]) => ({
      ...{ ParameterKey, NoEcho: isNoEcho(declared), Description: declared.Description },
      DefaultValue: declared.Default === undefined ? undefined : String(declared.Default),
    })),
  };
};

const common = (template: Template) => {
  const needed = neededCapability(template);
  return {
    Description: template.Description,
    Capabilities: needed ? [needed.capability] : [],
    CapabilitiesReason: needed?.reason,
    DeclaredTransforms: [],
  };
};
