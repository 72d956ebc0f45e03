import { AwsError, type Input } from '../../wire/service.ts';
import { begin, isRepeated, operationOn, tokenOf, withToken } from './begin.ts';
import { type Desk, listOf } from './desk.ts';
import { getLiveStack } from './stacks.ts';

export const cancelUpdate = (desk: Desk, input: Input) => {
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
    desk.records.stacks.put(stack.id, { ...stack, tokens: withToken(stack, token, 'CancelUpdateStack') });
    desk.engine.redirect({
      ...operation,
      ...{ phase: 'UPDATE_ROLLBACK', status: 'UPDATE_ROLLBACK_IN_PROGRESS', reason: 'User Initiated' },
      token: token ?? operation.token,
    });
  });
  return undefined;
};

export const continueRollback = (desk: Desk, input: Input) => {
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
