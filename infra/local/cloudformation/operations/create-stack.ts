import { AwsError, type Input } from '../../wire/service.ts';
import type { OperationRecord, StackRecord } from '../records.ts';
import { begin, createOperation, isRepeated, options, tokenOf } from './begin.ts';
import { type Desk, flag } from './desk.ts';
import { draftStack, findStack, keepStack } from './stacks.ts';
import { readSubmission } from './submission.ts';

export const createStack = async (desk: Desk, input: Input) => {
  const token = tokenOf(input);
  const taken = () => {
    const existing = findStack(desk.records, input.StackName);
    if (existing && !isRepeated(existing, 'CreateStack', token))
      throw new AwsError('AlreadyExistsException', `Stack [${input.StackName}] already exists`);
    return existing;
  };
  const before = taken();
  if (before) return { StackId: before.id };
  const draft = draftStack(desk, input.StackName);
  isRepeated(draft.stack, 'CreateStack', token);
  const { declaration, masked } = await readSubmission(desk, input, draft.stack);
  const meanwhile = taken();
  if (meanwhile) return { StackId: meanwhile.id };
  const onFailure = flag(input.DisableRollback)
    ? 'DO_NOTHING'
    : ((input.OnFailure || 'ROLLBACK') as OperationRecord['onFailure']);
  const stack: StackRecord = {
    ...draft.stack,
    ...{ declaration, terminationProtection: flag(input.EnableTerminationProtection) },
    ...(input.RoleARN ? { roleArn: input.RoleARN } : {}),
    disableRollback: onFailure === 'DO_NOTHING',
  };
  desk.world.store.atomically(() => {
    keepStack(desk.records, { ...draft, stack });
    begin(
      desk,
      stack,
      'CreateStack',
      createOperation(stack, token, { declaration, masked, onFailure, ...options(input) }),
    );
  });
  return { StackId: stack.id };
};
