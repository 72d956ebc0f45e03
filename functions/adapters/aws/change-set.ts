import type { ResourceChange as SdkChange } from '@aws-sdk/client-cloudformation';
import type { ResourceChange } from '../../domain/plan/plan.ts';

/** A change as CloudFormation describes it, in the canonical form that plans are made of and hashed over. */
export const canonicalChange = (change: SdkChange): ResourceChange => {
  const details = change.Details ?? [];
  const properties = details.map(({ Target }) =>
    Target?.Attribute === 'Properties' ? (Target.Name ?? '') : (Target?.Attribute ?? ''),
  );
  return {
    logicalId: change.LogicalResourceId ?? '',
    type: change.ResourceType ?? '',
    action: actionOf(change.Action),
    replacement: change.Replacement === 'True' || change.Replacement === 'Conditional' ? change.Replacement : 'False',
    properties: [...new Set(properties.filter(Boolean))].sort(),
    dynamic:
      details.length > 0 &&
      details.every(
        ({ Evaluation, ChangeSource }) => Evaluation === 'Dynamic' && ChangeSource !== 'DirectModification',
      ),
    ...(change.PolicyAction && { policyAction: change.PolicyAction }),
  };
};

const actionOf = (action: string | undefined): ResourceChange['action'] =>
  action === 'Add' || action === 'Remove' || action === 'Import' ? action : 'Modify';
