import { AwsError, type Input } from '../../wire/service.ts';
import { findImport } from '../changes/find-import.ts';
import { changeQuestion } from '../changes/plan-changes.ts';
import { planImport } from '../changes/plan-import.ts';
import type { ImportTarget, StackRecord } from '../records.ts';
import type { Prepared } from '../template/prepare.ts';
import { type Desk, listOf } from './desk.ts';

/** What a request names for import: at least one resource for an import, none for anything else. */
export const importTargets = (input: Input): readonly ImportTarget[] => {
  const targets = listOf<Input>(input.ResourcesToImport).map(
    ({ LogicalResourceId, ResourceType, ResourceIdentifier }) => ({
      logicalId: String(LogicalResourceId),
      type: String(ResourceType),
      identifier: Object.fromEntries(
        listOf<{ key: string; value: string }>(ResourceIdentifier).map(({ key, value }) => [key, value]),
      ),
    }),
  );
  const imports = input.ChangeSetType === 'IMPORT';
  if (imports && targets.length === 0)
    throw new AwsError('ValidationError', 'ResourcesToImport must be specified for a change set of type IMPORT.');
  if (!imports && targets.length > 0)
    throw new AwsError('ValidationError', 'ResourcesToImport can only be specified for a change set of type IMPORT.');
  return targets;
};

/** Refuses at once what AWS refuses at once; whether everything exists is found out while the change set is made. */
export const checkImport = async (
  desk: Desk,
  stack: StackRecord,
  prepared: Prepared,
  imports: readonly ImportTarget[],
) => {
  if (imports.length === 0) return;
  const question = changeQuestion(desk.records, desk.world, stack, prepared);
  planImport({ ...question, imports, outputs: stack.outputs, importing: desk.importing });
  for (const target of imports) await findImport(desk.records, desk.importing(target.type), target);
};
