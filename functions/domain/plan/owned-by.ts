import type { Template, TemplateResource } from '../template/template.ts';
import { asList, isRecord } from './policy-form.ts';
import { resourcesIn } from './references.ts';

/**
 * Logical ids of what the resource of a statement surely is within. Only what is a reference, or begins with one, and
 * the name of a bucket that the template makes: CloudFormation makes none that is there already.
 */
export const ownedBy = (resource: unknown, template: Template): readonly string[] => {
  if (typeof resource === 'string') return bucketsNamed(resource, template);
  const first = leadingPart(resource);
  return first === undefined ? [] : resourcesIn(first, template);
};

const bucketsNamed = (arn: string, { Resources }: Template): readonly string[] => {
  const [, name] = /^arn:[\w-]+:s3:::([^/*?$]+)(\/|$)/.exec(arn) ?? [];
  if (name === undefined) return [];
  const isIt = ([, { Type, Properties }]: [string, TemplateResource]) =>
    Type === 'AWS::S3::Bucket' && Properties?.['BucketName'] === name;
  return Object.entries(Resources).flatMap((entry) => (isIt(entry) ? [entry[0]] : []));
};

const leadingPart = (resource: unknown): unknown => {
  if (!isRecord(resource)) return undefined;
  if (resource['Ref'] !== undefined || resource['Fn::GetAtt'] !== undefined) return resource;
  const pattern = resource['Fn::Sub'];
  if (typeof pattern === 'string') return { 'Fn::Sub': /^\$\{[^!}]+\}/.exec(pattern)?.[0] ?? '' };
  const [delimiter, parts] = asList(resource['Fn::Join']);
  return delimiter === '' && Array.isArray(parts) ? leadingPart(parts[0]) : undefined;
};
