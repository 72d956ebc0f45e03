import { AwsError, type Input, type Operation } from '../../wire/service.ts';
import { planChanges } from '../changes/plan-changes.ts';
import { loadUpdateBehaviour } from '../changes/update-behaviour.ts';
import type { OperationRecord, StackRecord } from '../records.ts';
import { neededByTemplate, onStack } from './access.ts';
import { begin, isRepeated, operationOn, shownNowhere, tokenOf } from './begin.ts';
import { type Desk, flag, listOf } from './desk.ts';
import { checkUpdatable, draftStack, findStack, getLiveStack, keepStack } from './stacks.ts';
import { readSubmission } from './submission.ts';

/** CreateStack, UpdateStack, CancelUpdateStack, ContinueUpdateRollback, DeleteStack. */
export const changeStackOperations = (desk: Desk): Readonly<Record<string, Operation>> => ({
  CreateStack: { ...neededByTemplate(desk), run: (input) => createStack(desk, input) },
  UpdateStack: { ...neededByTemplate(desk), run: (input) => updateStack(desk, input) },
  CancelUpdateStack: { ...onStack(desk), run: (input) => cancelUpdate(desk, input) },
  ContinueUpdateRollback: { ...neededByTemplate(desk), run: (input) => continueRollback(desk, input) },
  DeleteStack: { ...neededByTemplate(desk), run: (input) => deleteStack(desk, input) },
});

const createStack = async (desk: Desk, input: Input) => {
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

/** The operation that makes a stack: of CreateStack, or of a change set on a new stack. */
export const createOperation = (
  stack: StackRecord,
  token: string | undefined,
  more: Partial<OperationRecord>,
): OperationRecord =>
  operationOn(stack, token, {
    ...{ type: 'CREATE_STACK', phase: 'CREATE', status: 'CREATE_IN_PROGRESS', roleArn: stack.roleArn },
    ...more,
  });

/** The operation that changes a stack: of UpdateStack, or of a change set. */
export const updateOperation = (
  stack: StackRecord,
  token: string | undefined,
  more: Partial<OperationRecord>,
): OperationRecord =>
  operationOn(stack, token, {
    ...{ type: 'UPDATE_STACK', phase: 'UPDATE', status: 'UPDATE_IN_PROGRESS', roleArn: stack.roleArn },
    ...more,
  });

/** What both ways to change a stack can be told. */
export const options = (input: Input) => ({ retainExceptOnCreate: flag(input.RetainExceptOnCreate) });

const updateStack = async (desk: Desk, input: Input) => {
  const token = tokenOf(input);
  const first = getLiveStack(desk.records, input.StackName);
  if (isRepeated(first, 'UpdateStack', token)) return { StackId: first.id };
  checkUpdatable(first);
  const submission = await readSubmission(desk, input, first);
  const behaviour = await loadUpdateBehaviour();
  // Whatever was waited for, from here on nothing else runs: the decision is made on the stack as it is now.
  const stack = getLiveStack(desk.records, input.StackName);
  if (isRepeated(stack, 'UpdateStack', token)) return { StackId: stack.id };
  checkUpdatable(stack);
  const changes = planChanges(desk.records, desk.world, behaviour, stack, submission);
  if (!changes && stack.status !== 'UPDATE_FAILED')
    throw new AwsError('ValidationError', 'No updates are to be performed.');
  const updated: StackRecord = {
    ...stack,
    ...(input.RoleARN ? { roleArn: input.RoleARN } : {}),
    ...{ updatedAt: desk.world.clock.now(), disableRollback: flag(input.DisableRollback) },
  };
  const { declaration, masked } = submission;
  const onFailure = flag(input.DisableRollback) ? 'DO_NOTHING' : 'ROLLBACK';
  desk.world.store.atomically(() => {
    makeObsolete(desk, stack.id);
    const more = { declaration, masked, onFailure, ...options(input) } as const;
    begin(desk, updated, 'UpdateStack', updateOperation(updated, token, more));
  });
  return { StackId: stack.id };
};

/** A change set made before an update no longer says what an execution would do. */
const makeObsolete = ({ records }: Desk, stackId: string) => {
  for (const changeSet of records.changeSetsOf(stackId))
    if (changeSet.execution === 'AVAILABLE') records.putChangeSet({ ...changeSet, execution: 'OBSOLETE' });
};

const cancelUpdate = (desk: Desk, input: Input) => {
  const stack = getLiveStack(desk.records, input.StackName);
  const token = tokenOf(input);
  if (isRepeated(stack, 'CancelUpdateStack', token)) return undefined;
  const operation = desk.records.operations.get(stack.id);
  if (stack.status !== 'UPDATE_IN_PROGRESS' || !operation)
    throw new AwsError(
      'ValidationError',
      `CancelUpdateStack cannot be called from current stack status ${stack.status}`,
    );
  desk.world.store.atomically(() => {
    if (token)
      desk.records.stacks.put(stack.id, { ...stack, tokens: { ...stack.tokens, [token]: 'CancelUpdateStack' } });
    desk.engine.redirect({
      ...operation,
      ...{ phase: 'UPDATE_ROLLBACK', status: 'UPDATE_ROLLBACK_IN_PROGRESS', reason: 'User Initiated' },
      token: token ?? operation.token,
    });
  });
  return undefined;
};

const continueRollback = (desk: Desk, input: Input) => {
  const stack = getLiveStack(desk.records, input.StackName);
  const token = tokenOf(input);
  if (isRepeated(stack, 'ContinueUpdateRollback', token)) return {};
  if (stack.status !== 'UPDATE_ROLLBACK_FAILED')
    throw new AwsError(
      'ValidationError',
      `Stack:${stack.id} is in ${stack.status} state and can not continue update rollback.`,
    );
  const spared = listOf<string>(input.ResourcesToSkip);
  const notFailed = spared.filter(
    (logicalId) => desk.records.resource(stack.id, logicalId)?.status !== 'UPDATE_FAILED',
  );
  if (notFailed.length)
    throw new AwsError(
      'ValidationError',
      `ResourcesToSkip may only name resources in UPDATE_FAILED state, which these are not: [${notFailed.join(', ')}]`,
    );
  const more = input.RoleARN ? { ...stack, roleArn: input.RoleARN } : stack;
  desk.world.store.atomically(() =>
    begin(
      desk,
      more,
      'ContinueUpdateRollback',
      operationOn(more, token, {
        ...{ type: 'CONTINUE_ROLLBACK', phase: 'UPDATE_ROLLBACK', status: 'UPDATE_ROLLBACK_IN_PROGRESS' },
        ...{ spared, roleArn: more.roleArn },
      }),
    ),
  );
  return {};
};

/** Statuses in which AWS leaves a stack alone. */
const UNDELETABLE = new Set([
  'UPDATE_IN_PROGRESS',
  'UPDATE_ROLLBACK_IN_PROGRESS',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
]);

const deleteStack = (desk: Desk, input: Input) => {
  const stack = findStack(desk.records, input.StackName);
  const token = tokenOf(input);
  if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return undefined;
  if (isRepeated(stack, 'DeleteStack', token)) return undefined;
  checkDeletable(stack, input);
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
  const tokens = operation.token ? { ...stack.tokens, [operation.token]: 'DeleteStack' } : stack.tokens;
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
