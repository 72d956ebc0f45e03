import { AwsError, type Input } from '../../wire/service.ts';
import type { ChangeSetRecord, StackRecord } from '../records.ts';
import { noEchoValuesOf } from '../template/no-echo.ts';
import { begin, createOperation, importOperation, isRepeated, options, tokenOf, updateOperation } from './begin.ts';
import { type Desk, flag } from './desk.ts';
import { getChangeSet } from './find-change-set.ts';
import { checkUpdatable, getLiveStack } from './stacks.ts';

/** Starts the operation and deletes the stack's other change sets. */
export const executeChangeSet = (desk: Desk, input: Input) => {
  const changeSet = getChangeSet(desk, input);
  const stack = getLiveStack(desk.records, changeSet.stackId);
  const token = tokenOf(input);
  if (isRepeated(stack, 'ExecuteChangeSet', token)) return {};
  checkExecutable(changeSet);
  const creates = stack.status === 'REVIEW_IN_PROGRESS';
  if (!creates) checkUpdatable(stack);
  const { declaration, roleArn } = changeSet;
  const moved: StackRecord = {
    ...stack,
    changeSetId: changeSet.id,
    disableRollback: flag(input.DisableRollback),
    ...(roleArn ? { roleArn } : {}),
    // A failed import leaves a new stack without a template.
    ...(creates ? (changeSet.imports ? {} : { declaration }) : { updatedAt: desk.world.clock.now() }),
  };
  const more = {
    ...{ declaration, changeSetId: changeSet.id, ...options(input) },
    ...(changeSet.imports ? { imports: changeSet.imports } : {}),
    masked: noEchoValuesOf(desk.records, declaration),
    onFailure: flag(input.DisableRollback) ? 'DO_NOTHING' : changeSet.onFailure,
  } as const;
  desk.world.store.atomically(() => {
    for (const sibling of desk.records.changeSetsOf(stack.id))
      if (sibling.id !== changeSet.id) desk.records.dropChangeSet(sibling);
    desk.records.putChangeSet({ ...changeSet, execution: 'EXECUTE_IN_PROGRESS' });
    begin(desk, moved, 'ExecuteChangeSet', operationFor(changeSet, creates)(moved, token, more));
  });
  return {};
};

const operationFor = ({ imports }: ChangeSetRecord, creates: boolean) => {
  if (imports) return importOperation;
  return creates ? createOperation : updateOperation;
};

const checkExecutable = ({ id, status, execution }: ChangeSetRecord) => {
  if (status !== 'CREATE_COMPLETE')
    throw new AwsError(
      'InvalidChangeSetStatus',
      `ChangeSet [${id}] cannot be executed in its current status of [${status}]`,
    );
  if (execution !== 'AVAILABLE')
    throw new AwsError(
      'InvalidChangeSetStatus',
      `ChangeSet [${id}] cannot be executed in its current execution status of [${execution}]`,
    );
};
