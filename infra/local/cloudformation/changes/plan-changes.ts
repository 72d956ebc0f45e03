import type { World } from '../../part.ts';
import { AwsError } from '../../wire/service.ts';
import { loadDeclared } from '../declared.ts';
import { exportedValue } from '../exports.ts';
import type { Records } from '../open-records.ts';
import type { Declaration, Physical, StackRecord } from '../records.ts';
import type { Prepared } from '../template/prepare.ts';
import { own } from '../template/template.ts';
import { type ChangeQuestion, changesBetween, outputsAfter } from './changes.ts';
import type { ResourceChangeRecord } from './resource-change.ts';

/** The changes that a declaration makes to a stack as it is now; undefined when nothing at all would happen. */
export const planChanges = (
  records: Records,
  world: Pick<World, 'account' | 'region'>,
  stack: StackRecord,
  { declaration, prepared }: { readonly declaration: Declaration; readonly prepared: Prepared },
): readonly ResourceChangeRecord[] | undefined => {
  const question = changeQuestion(records, world, stack, prepared);
  const changes = changesBetween(question);
  const same =
    JSON.stringify(outputsAfter(question)) === JSON.stringify(stack.outputs) &&
    JSON.stringify(stack.declaration?.tags ?? []) === JSON.stringify(declaration.tags);
  return changes.length || !same ? changes : undefined;
};

/** @throws AwsError ValidationError when a resource would change its type */
export const changeQuestion = (
  records: Records,
  world: Pick<World, 'account' | 'region'>,
  stack: StackRecord,
  prepared: Prepared,
): ChangeQuestion => {
  const current = currentOf(records, stack.id);
  refuseOtherTypes(current, prepared);
  const previous = stack.declaration && loadDeclared(records, world, stack.id, stack.declaration);
  return {
    ...{ current, previous, wanted: prepared },
    importValue: (name: string) => exportedValue(records, name),
  };
};

const currentOf = (records: Records, stackId: string): ReadonlyMap<string, Physical> =>
  new Map(records.resourcesOf(stackId).flatMap(({ logicalId, current }) => (current ? [[logicalId, current]] : [])));

const refuseOtherTypes = (current: ReadonlyMap<string, Physical>, wanted: Prepared) => {
  const changed = [...current].filter(([logicalId, { type }]) => {
    const declared = own(wanted.template.Resources, logicalId);
    return declared && declared.Type !== type;
  });
  if (changed.length)
    throw new AwsError(
      'ValidationError',
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.map(([logicalId]) => logicalId).join(', ')}]`,
    );
};
