import type { Physical, Policy } from '../records.ts';
import type { ResourceDeclaration } from '../template/template.ts';
import type { ChangeScope } from './resource-change.ts';
import { changedProperties, type Recreation } from './update-behaviour.ts';

/** What stands between a resource as it is and as it is declared: the one rule for change sets and for executions. */
export interface Comparison {
  readonly properties: ReadonlyMap<string, Recreation>;
  /** Members beside the properties that differ; they are recorded and never reach a provider. */
  readonly notes: readonly ChangeScope[];
}

export const compareResource = (
  current: Physical,
  declared: ResourceDeclaration,
  properties: Readonly<Record<string, unknown>>,
): Comparison => ({
  properties: changedProperties(current.type, current.properties, properties),
  notes: [
    ...(['Metadata', 'CreationPolicy', 'UpdatePolicy'] as const).filter(
      (member) => JSON.stringify(declared[member]) !== JSON.stringify(current.notes[member]),
    ),
    ...(deletionPolicyOf(declared) === current.deletionPolicy ? [] : ['DeletionPolicy' as const]),
    ...(updateReplacePolicyOf(declared) === current.updateReplacePolicy ? [] : ['UpdateReplacePolicy' as const]),
  ],
});

/** In place unless a property says otherwise; `Conditionally` turns out to be possible in place here. */
export const actionOf = ({ properties, notes }: Comparison): 'none' | 'note' | 'update' | 'replace' => {
  if ([...properties.values()].includes('Always')) return 'replace';
  if (properties.size) return 'update';
  return notes.length ? 'note' : 'none';
};

export const deletionPolicyOf = ({ DeletionPolicy }: ResourceDeclaration): Policy =>
  (DeletionPolicy as Policy | undefined) ?? 'Delete';

export const updateReplacePolicyOf = ({ UpdateReplacePolicy }: ResourceDeclaration): Policy =>
  (UpdateReplacePolicy as Policy | undefined) ?? 'Delete';

export const notesOf = ({ Metadata, CreationPolicy, UpdatePolicy }: ResourceDeclaration): Physical['notes'] =>
  Object.fromEntries(
    Object.entries({ Metadata, CreationPolicy, UpdatePolicy }).filter(([, value]) => value !== undefined),
  );
