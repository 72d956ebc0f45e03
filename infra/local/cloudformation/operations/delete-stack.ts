import { AwsError, type Input } from '../../wire/service.ts';
import type { OperationRecord, StackRecord } from '../records.ts';
import { begin, isRepeated, operationOn, shownNowhere, tokenOf, withToken } from './begin.ts';
import { type Desk, flag, listOf } from './desk.ts';
import { findStack, getLiveStack } from './stacks.ts';
import { checkServiceRole } from './submission.ts';

export const protectStack = (desk: Desk, input: Input) => {
  const stack = getLiveStack(desk.records, input.StackName);
  desk.records.stacks.put(stack.id, { ...stack, terminationProtection: flag(input.EnableTerminationProtection) });
  return { StackId: stack.id };
};

/** Statuses in which AWS leaves a stack alone. */
const UNDELETABLE = new Set([
  'UPDATE_IN_PROGRESS',
  'UPDATE_ROLLBACK_IN_PROGRESS',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
  'IMPORT_IN_PROGRESS',
  'IMPORT_ROLLBACK_IN_PROGRESS',
]);

export const deleteStack = (desk: Desk, input: Input) => {
  const stack = findStack(desk.records, input.StackName);
  const token = tokenOf(input);
  if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return undefined;
  if (isRepeated(stack, 'DeleteStack', token)) return undefined;
  checkDeletable(stack, input);
  checkServiceRole(desk, input);
  const more = input.RoleARN ? { ...stack, roleArn: input.RoleARN } : stack;
  const operation = operationOn(more, token, {
    ...{ type: 'DELETE_STACK', phase: 'DELETE', status: 'DELETE_IN_PROGRESS', roleArn: more.roleArn },
    ...{ spared: listOf<string>(input.RetainResources), force: input.DeletionMode === 'FORCE_DELETE_STACK' },
  });
  desk.world.store.atomically(() => {
    if (desk.records.operations.get(stack.id)) redirect(desk, more, operation);
    else begin(desk, more, 'DeleteStack', operation);
  });
  return undefined;
};

const redirect = (desk: Desk, stack: StackRecord, operation: OperationRecord) => {
  const tokens = withToken(stack, operation.token, 'DeleteStack');
  desk.records.stacks.put(stack.id, { ...stack, operations: operation.number, tokens });
  desk.engine.redirect({ ...operation, masked: shownNowhere(desk, stack) });
};

const checkDeletable = (stack: StackRecord, input: Input) => {
  if (stack.terminationProtection)
    throw new AwsError(
      'ValidationError',
      `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`,
    );
  if (UNDELETABLE.has(stack.status))
    throw new AwsError('ValidationError', `Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
  if (listOf(input.RetainResources).length && stack.status !== 'DELETE_FAILED')
    throw new AwsError(
      'ValidationError',
      `Invalid operation on stack [${stack.id}]: you can specify RetainResources only for a stack in DELETE_FAILED state`,
    );
};
