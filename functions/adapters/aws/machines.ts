import {
  DescribeExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Machines } from '../../ports.ts';
import { isNamed } from './named.ts';

/** A cause may have at most 32,768 characters. */
const LONGEST_CAUSE = 32_000;

export const stepFunctionsMachines = (
  client: SFNClient,
  arns: { readonly request?: string; readonly deployment?: string },
): Machines => ({
  start: async (machine, name, input) => {
    const stateMachineArn = arns[machine];
    if (!stateMachineArn) throw new Error(`This function may not start the ${machine} machine`);
    try {
      const started = await client.send(
        new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
      );
      return { kind: 'started', arn: started.executionArn ?? '' };
    } catch (error) {
      if (!isNamed(error, 'ExecutionAlreadyExists')) throw error;
      return { kind: 'exists', arn: `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}` };
    }
  },
  find: async (executionArn) => {
    try {
      const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
      // A redriven execution runs again, as far as anyone who waits for its end is concerned.
      return status && { status: status === 'PENDING_REDRIVE' ? 'RUNNING' : status };
    } catch (error) {
      if (isNamed(error, 'ExecutionDoesNotExist')) return undefined;
      throw error;
    }
  },
  succeed: (taskToken, output) =>
    delivered(client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }))),
  fail: (taskToken, error, cause) =>
    delivered(client.send(new SendTaskFailureCommand({ taskToken, error, cause: cause.slice(0, LONGEST_CAUSE) }))),
});

/** False when the task has ended or timed out meanwhile: nobody waits for the token any more. */
const delivered = async (answer: Promise<unknown>): Promise<boolean> => {
  try {
    await answer;
    return true;
  } catch (error) {
    if (isNamed(error, 'TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken')) return false;
    throw error;
  }
};
