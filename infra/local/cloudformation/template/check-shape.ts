import { AwsError } from '../../wire/service.ts';
import { formatError, isRecord, type Template } from './template.ts';

const SECTIONS = new Set([
  ...['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Rules', 'Mappings', 'Conditions'],
  ...['Transform', 'Resources', 'Outputs', 'Hooks'],
]);
const RESOURCE_KEYS = new Set([
  ...['Type', 'Properties', 'DependsOn', 'Condition', 'DeletionPolicy', 'UpdateReplacePolicy', 'Metadata'],
  ...['CreationPolicy', 'UpdatePolicy'],
]);
const DELETION_POLICIES = new Set(['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot']);
const REPLACE_POLICIES = new Set(['Delete', 'Retain', 'Snapshot']);

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const MOST_RESOURCES = 500;

/** What can be said of a template before parameters are known: sections, and the members of each declaration. */
export const checkShape = (parsed: unknown): Template => {
  if (!isRecord(parsed)) throw formatError('unsupported structure.');
  const unknown = Object.keys(parsed).filter((section) => !SECTIONS.has(section));
  if (unknown.length) throw formatError(`Invalid template property or properties [${unknown.join(', ')}]`);
  if (parsed['Transform'] !== undefined) throw transformRefused(parsed['Transform']);
  sectionOf(parsed, 'Mappings');
  sectionOf(parsed, 'Conditions');
  const resources = Object.entries(sectionOf(parsed, 'Resources'));
  if (resources.length === 0) throw formatError('At least one Resources member must be defined.');
  if (resources.length > MOST_RESOURCES)
    throw formatError(`Number of resources, ${resources.length}, is greater than maximum allowed, ${MOST_RESOURCES}`);
  for (const [logicalId, resource] of resources) checkResource(logicalId, resource);
  for (const [name, output] of Object.entries(sectionOf(parsed, 'Outputs')))
    if (!isRecord(output) || output['Value'] === undefined)
      throw formatError(`[/Outputs/${name}] Every Outputs member must contain a Value object`);
  for (const [name, parameter] of Object.entries(sectionOf(parsed, 'Parameters')))
    if (!isRecord(parameter) || typeof parameter['Type'] !== 'string')
      throw formatError(`[/Parameters/${name}] Every Parameters object must contain a Type member.`);
  return parsed as unknown as Template;
};

const sectionOf = (parsed: Readonly<Record<string, unknown>>, section: string): Readonly<Record<string, unknown>> => {
  const value = parsed[section] ?? {};
  if (!isRecord(value)) throw formatError(`[/${section}] must be an object`);
  return value;
};

const checkResource = (logicalId: string, resource: unknown) => {
  if (!/^[A-Za-z0-9]+$/.test(logicalId)) throw formatError(`Resource name ${logicalId} is non alphanumeric.`);
  if (!isRecord(resource) || typeof resource['Type'] !== 'string')
    throw formatError(`[/Resources/${logicalId}] Every Resources object must contain a Type member.`);
  const unknown = Object.keys(resource).filter((key) => !RESOURCE_KEYS.has(key));
  if (unknown.length) throw new AwsError('ValidationError', `Invalid template resource property '${unknown[0]}'`);
  checkPolicy(logicalId, 'DeletionPolicy', resource['DeletionPolicy'], DELETION_POLICIES);
  checkPolicy(logicalId, 'UpdateReplacePolicy', resource['UpdateReplacePolicy'], REPLACE_POLICIES);
  if (resource['Properties'] !== undefined && !isRecord(resource['Properties']))
    throw formatError(`[/Resources/${logicalId}/Properties] must be an object`);
};

const checkPolicy = (logicalId: string, name: string, value: unknown, allowed: ReadonlySet<string>) => {
  if (value !== undefined && !(typeof value === 'string' && allowed.has(value)))
    throw formatError(`Unrecognized ${name} ${String(value)} for resource ${logicalId}`);
};

const transformRefused = (transform: unknown) =>
  new AwsError(
    'ValidationError',
    `Transforms run at AWS only: the embedded CloudFormation cannot expand ${JSON.stringify(transform)}. Expand the template before sending it.`,
  );
