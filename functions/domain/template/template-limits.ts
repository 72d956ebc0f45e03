import { type Finding, findingAt } from '../configuration/finding.ts';
import type { Template, TemplateResource } from './template.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html: none can be raised. */
const maxResources = 500;
const maxParameters = 200;
const maxBytes = 1_000_000;
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, all inline policies of a role together. */
const maxInlinePolicies = 10_240;
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const maxTaskDefinition = 64 * 1024;

/** Where a template is larger than AWS takes: what only shows once it is built. */
export const templateLimits = (template: Template): readonly Finding[] => {
  const resources = Object.entries(template.Resources);
  const split = 'Split the application in two';
  return [
    ...above(resources.length, maxResources, `makes ${resources.length} resources, and a stack takes`, split),
    ...above(
      Object.keys(template.Parameters ?? {}).length,
      maxParameters,
      'has more parameters than a stack takes, which are',
      `${split}, or use fewer routes and variables of the environment`,
    ),
    ...above(bytes(template), maxBytes, 'makes a template of more bytes than CloudFormation takes, which are', split),
    ...resources.flatMap(([id, resource]) => resourceLimits(id, resource)),
  ];
};

const resourceLimits = (id: string, { Type, Properties = {} }: TemplateResource): readonly Finding[] => {
  if (Type === 'AWS::IAM::Role')
    return above(
      bytes(documentsOf(Properties['Policies'])),
      maxInlinePolicies,
      `gives the role ${id} more rights than IAM takes in one, which are, in characters,`,
      'Use fewer targets and blobstores in this runtime, or split it in two',
    );
  if (Type === 'AWS::ECS::TaskDefinition')
    return above(
      bytes(Properties),
      maxTaskDefinition,
      `makes ${id} longer than a task definition may be, which is, in bytes,`,
      'Move values of variables into secrets or files of the image, or containers into another runtime',
    );
  return [];
};

const documentsOf = (policies: unknown): readonly unknown[] =>
  Array.isArray(policies) ? policies.map((policy: { readonly PolicyDocument?: unknown }) => policy.PolicyDocument) : [];

const above = (found: number, limit: number, what: string, remedy: string): readonly Finding[] =>
  found > limit ? [findingAt([], `${what} ${limit}. ${remedy}`)] : [];

const bytes = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value) ?? '').length;
