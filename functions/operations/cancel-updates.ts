import { isCancellable } from '../domain/cloudformation-status.ts';
import { outwardToken } from '../domain/token.ts';
import type { Ports } from '../ports.ts';
import { type RunStepPorts, runStep } from './run-step.ts';
import type { StepInput } from './step-context.ts';

/** Cancels an update of the stack that somebody has under way; StackWait then waits for its rollback. */
export const cancelUpdates = (ports: RunStepPorts & Pick<Ports, 'hash'>, input: StepInput): Promise<object> =>
  runStep(ports, input, 'CancelUpdates', async ({ aws, stack }) => {
    const found = await aws.stacks.find(stack.name);
    const status = found?.status ?? 'missing';
    if (!isCancellable(status)) return { answer: {}, outputs: { stack: status, cancelled: 'nothing' } };
    const token = outwardToken(ports.hash, { ...input, step: 'CancelUpdates', attempt: 1 });
    // False: it ended between our look and our call.
    const cancelled = await aws.stacks.cancelUpdate(stack.name, token);
    return { answer: {}, outputs: { stack: status, cancelled: cancelled ? 'update' : 'nothing' } };
  });
