import type { Template } from './template.ts';

/** What a stack is made from before its first release: CloudFormation wants at least one resource. */
export const emptyTemplate: Template = {
  Description: 'Made empty by Slipway, so that a first template that fails can be corrected',
  Resources: { NullResource: { Type: 'AWS::CloudFormation::WaitConditionHandle' } },
};

/** A stack that holds nothing of any release. */
export const isEmptyTemplate = ({ Resources }: Template): boolean =>
  Object.values(Resources).every(({ Type }) => Type === 'AWS::CloudFormation::WaitConditionHandle');
