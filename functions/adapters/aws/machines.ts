import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  paginateListExecutions,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Machines } from '../../ports.ts';
import { isNamed } from './named.ts';

/** A cause may have at most 32,768 characters. */
const LONGEST_CAUSE = 32_000;

/** Statuses in which a fault leaves an execution; whoever aborts one wants no other. */
const FAULTS = ['FAILED', 'TIMED_OUT'] as const;
const PAGE = 100;
const MOST_LISTED = 300;
/** Executions are listed by their start, and a request may run for a day. */
const LONGEST_MILLIS = 24 * 60 * 60_000;

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
      const described = await client.send(new DescribeExecutionCommand({ executionArn }));
      const { status, output, error, cause } = described;
      // A redriven execution runs again, as far as anyone who waits for its end is concerned.
      return status && { status: status === 'PENDING_REDRIVE' ? 'RUNNING' : status, output, error, cause };
    } catch (error) {
      if (isNamed(error, 'ExecutionDoesNotExist')) return undefined;
      throw error;
    }
  },
  listFailedRequests: async (since) => {
    const listed = await Promise.all(FAULTS.map((status) => executionsSince(client, arns.request, status, since)));
    return listed
      .flat()
      .flatMap(({ executionArn: arn = '', name = '', stopDate }) =>
        stopDate && stopDate >= since ? [{ arn, name, stoppedAt: stopDate.toISOString() }] : [],
      );
  },
  inputOf: async (executionArn) => {
    const { input = '{}' } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return JSON.parse(input) as object;
  },
  succeed: (taskToken, output) =>
    delivered(client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }))),
  fail: (taskToken, error, cause) =>
    delivered(client.send(new SendTaskFailureCommand({ taskToken, error, cause: cause.slice(0, LONGEST_CAUSE) }))),
});

/** Newest first, at most a few hundred. */
const executionsSince = async (
  client: SFNClient,
  stateMachineArn: string | undefined,
  statusFilter: (typeof FAULTS)[number],
  since: Date,
): Promise<readonly ExecutionListItem[]> => {
  const found: ExecutionListItem[] = [];
  const query = { stateMachineArn, statusFilter, maxResults: PAGE };
  for await (const { executions = [] } of paginateListExecutions({ client }, query)) {
    found.push(...executions);
    const oldest = executions.at(-1)?.startDate?.getTime() ?? 0;
    if (found.length >= MOST_LISTED || oldest < since.getTime() - LONGEST_MILLIS) break;
  }
  return found;
};

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
