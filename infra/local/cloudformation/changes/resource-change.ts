/** One entry of a change set, as the SDK type ResourceChange names its parts. */
export interface ResourceChangeRecord {
  readonly Action: 'Add' | 'Modify' | 'Remove' | 'Import';
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  readonly Replacement?: 'True' | 'False' | 'Conditional';
  readonly Scope: readonly ChangeScope[];
  readonly Details: readonly ChangeDetail[];
  readonly PolicyAction?: 'Delete' | 'Retain' | 'Snapshot' | `ReplaceAnd${'Delete' | 'Retain' | 'Snapshot'}`;
  readonly BeforeContext?: string;
  readonly AfterContext?: string;
}

export type ChangeScope =
  | 'Properties'
  | 'Metadata'
  | 'CreationPolicy'
  | 'UpdatePolicy'
  | 'DeletionPolicy'
  | 'UpdateReplacePolicy';

export interface ChangeDetail {
  readonly Target: {
    readonly Attribute: ChangeScope;
    readonly Name?: string;
    readonly RequiresRecreation: 'Never' | 'Conditionally' | 'Always';
    readonly Path?: string;
    readonly BeforeValue?: string;
    readonly AfterValue?: string;
    readonly AttributeChangeType?: 'Add' | 'Modify' | 'Remove';
  };
  readonly Evaluation: 'Static' | 'Dynamic';
  readonly ChangeSource: 'DirectModification' | 'ParameterReference' | 'ResourceReference' | 'ResourceAttribute';
  readonly CausingEntity?: string;
}
