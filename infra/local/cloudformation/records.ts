import type { ResourceChangeRecord } from './changes/resource-change.ts';

/** All statuses that a stack can have. */
export type StackStatus =
  | `CREATE_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | `ROLLBACK_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | `DELETE_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | `UPDATE_${'IN_PROGRESS' | 'COMPLETE_CLEANUP_IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | `UPDATE_ROLLBACK_${'IN_PROGRESS' | 'COMPLETE_CLEANUP_IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | `IMPORT_${'IN_PROGRESS' | 'COMPLETE'}`
  | `IMPORT_ROLLBACK_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | 'REVIEW_IN_PROGRESS';

export type ResourceStatus =
  | `${'CREATE' | 'UPDATE' | 'DELETE' | 'IMPORT' | 'IMPORT_ROLLBACK'}_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | 'DELETE_SKIPPED';

export type Policy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** What a stack is asked to be. */
export interface Declaration {
  /** Key of the stored template body. */
  readonly templateId: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** What parameters of a Systems Manager type were found to hold. */
  readonly resolved: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
  readonly capabilities: readonly string[];
}

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface StackRecord {
  readonly id: string;
  readonly name: string;
  readonly status: StackStatus;
  readonly statusReason?: string | undefined;
  readonly createdAt: number;
  readonly updatedAt?: number;
  readonly deletedAt?: number;
  readonly declaration?: Declaration;
  readonly roleArn?: string;
  readonly changeSetId?: string;
  readonly outputs: readonly StackOutput[];
  /** Names of the exports of other stacks that this one uses. */
  readonly imports: readonly string[];
  /** How many operations the stack has had: each one's number is the generation of what it creates. */
  readonly operations: number;
  readonly events: number;
  readonly changeSets: number;
  /** Client request tokens and the action each was used for. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
  readonly disableRollback: boolean;
}

/** One real thing that a provider made, and what it was made from. Dynamic references stand unresolved. */
export interface Physical {
  readonly type: string;
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Number of the operation that created it. */
  readonly generation: number;
  readonly deletionPolicy: Policy;
  readonly updateReplacePolicy: Policy;
  readonly dependsOn: readonly string[];
  /** Metadata, CreationPolicy and UpdatePolicy: recorded, never acted on. */
  readonly notes: Readonly<Record<string, unknown>>;
}

/** A resource as it is about to be: everything but what the provider answers. */
export type Blueprint = Omit<Physical, 'physicalId' | 'attributes'>;

/** A step of the running operation on one resource: written before the provider is called and again after. */
export interface Step {
  readonly operation: number;
  readonly phase: Phase;
  readonly state: 'STARTED' | 'DONE' | 'FAILED';
  /** What the provider was asked to make: for a rollback this is what may be out there now. */
  readonly attempted?: Blueprint;
  /** False until the provider is called: nothing has to be undone. */
  readonly called: boolean;
}

export interface ResourceRecord {
  readonly stackId: string;
  readonly logicalId: string;
  readonly type: string;
  readonly status: ResourceStatus;
  readonly statusReason?: string | undefined;
  readonly updatedAt: number;
  readonly physicalId?: string | undefined;
  readonly current?: Physical | undefined;
  /** While an update is not settled: what a rollback goes back to; null when there was nothing. */
  readonly before?: Physical | null | undefined;
  /** What a replacement or a failed create has left, to be deleted (or let go) in the clean-up. */
  readonly leftovers: readonly { readonly physical: Physical; readonly retain: boolean }[];
  readonly step?: Step | undefined;
}

export type Phase =
  | 'CREATE'
  | 'ROLLBACK'
  | 'UPDATE'
  | 'UPDATE_CLEANUP'
  | 'UPDATE_ROLLBACK'
  | 'UPDATE_ROLLBACK_CLEANUP'
  | 'IMPORT'
  | 'IMPORT_ROLLBACK'
  | 'DELETE'
  | 'END';

/** The operation a stack is busy with; gone when the stack is at rest. */
export interface OperationRecord {
  readonly stackId: string;
  readonly id: string;
  readonly number: number;
  readonly type: 'CREATE_STACK' | 'UPDATE_STACK' | 'DELETE_STACK' | 'CONTINUE_ROLLBACK';
  readonly phase: Phase;
  /** The status the stack has to show in this phase. */
  readonly status: StackStatus;
  readonly reason?: string | undefined;
  readonly token?: string | undefined;
  readonly declaration?: Declaration;
  readonly roleArn?: string | undefined;
  readonly changeSetId?: string;
  readonly onFailure: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
  readonly retainExceptOnCreate: boolean;
  /** Logical ids: ResourcesToSkip of a continued rollback, RetainResources of a delete. */
  readonly spared: readonly string[];
  /** DeletionMode FORCE_DELETE_STACK: what cannot be deleted is let go. */
  readonly force: boolean;
  /** Values of NoEcho parameters: shown nowhere. */
  readonly masked: readonly string[];
  /** What an import takes in. */
  readonly imports?: readonly ImportTarget[];
}

/** A resource that exists, and the place it gets in a template. */
export interface ImportTarget {
  readonly logicalId: string;
  readonly type: string;
  readonly identifier: Readonly<Record<string, string>>;
}

export interface EventRecord {
  readonly id: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly operationId?: string;
  readonly operationType?: string;
  readonly logicalId: string;
  readonly physicalId?: string | undefined;
  readonly type: string;
  readonly at: number;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly properties?: string;
  readonly token?: string | undefined;
}

export interface ChangeSetRecord {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly type: 'CREATE' | 'UPDATE' | 'IMPORT';
  readonly status: 'CREATE_PENDING' | 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'FAILED';
  readonly statusReason?: string;
  readonly execution:
    | 'UNAVAILABLE'
    | 'AVAILABLE'
    | 'EXECUTE_IN_PROGRESS'
    | 'EXECUTE_COMPLETE'
    | 'EXECUTE_FAILED'
    | 'OBSOLETE';
  readonly createdAt: number;
  readonly description?: string;
  readonly declaration: Declaration;
  readonly roleArn?: string;
  readonly token?: string;
  readonly onFailure: OperationRecord['onFailure'];
  readonly changes: readonly ResourceChangeRecord[];
  readonly operationId: string;
  readonly imports?: readonly ImportTarget[];
  /** What early validation found. */
  readonly invalid?: readonly InvalidResource[];
}

export interface InvalidResource {
  readonly logicalId: string;
  readonly type: string;
  readonly property?: string;
  readonly reason: string;
}
