import { AwsError, type Input } from '../../wire/service.ts';
import { planChanges } from '../changes/plan-changes.ts';
import type { StackRecord } from '../records.ts';
import { begin, isRepeated, options, tokenOf, updateOperation } from './begin.ts';
import { type Desk, flag } from './desk.ts';
import { checkUpdatable, getLiveStack } from './stacks.ts';
import { readSubmission } from './submission.ts';

export const updateStack = async (desk: Desk, input: Input) => {
  const token = tokenOf(input);
  const first = getLiveStack(desk.records, input.StackName);
  if (isRepeated(first, 'UpdateStack', token)) return { StackId: first.id };
  checkUpdatable(first);
  const submission = await readSubmission(desk, input, first);
  // Whatever was waited for, from here on nothing else runs: the decision is made on the stack as it is now.
  const stack = getLiveStack(desk.records, input.StackName);
  if (isRepeated(stack, 'UpdateStack', token)) return { StackId: stack.id };
  checkUpdatable(stack);
  const changes = planChanges(desk.records, desk.world, stack, submission);
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
