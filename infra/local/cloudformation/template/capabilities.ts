import { AwsError } from '../../wire/service.ts';
import type { Template } from './template.ts';

const NAMES: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
};

/** What the caller must acknowledge: `CAPABILITY_NAMED_IAM` when an IAM entity is named, `CAPABILITY_IAM` for any other. */
export const neededCapability = (template: Template): { capability: string; reason: string } | undefined => {
  const iam = Object.entries(template.Resources).filter(([, { Type }]) => Type.startsWith('AWS::IAM::'));
  if (iam.length === 0) return undefined;
  const named = iam.some(([, { Type, Properties }]) => Properties?.[NAMES[Type] ?? ''] !== undefined);
  const types = [...new Set(iam.map(([, { Type }]) => Type))];
  return {
    capability: named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM',
    reason: `The following resource(s) require capabilities: [${types.join(', ')}]`,
  };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html: the named one covers both. */
export const checkCapabilities = (template: Template, given: readonly string[]) => {
  const needed = neededCapability(template)?.capability;
  if (needed === undefined || given.includes(needed) || given.includes('CAPABILITY_NAMED_IAM')) return;
  throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`);
};
