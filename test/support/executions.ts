import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  type StartExecutionCommandOutput,
} from '@aws-sdk/client-sfn';
import { machineNames } from '../../infra/aws/names.ts';
import { clientSettings } from '../../infra/local/assembly.ts';
import type { Cloud } from '../../infra/local/cloud.ts';
import { until } from './until.ts';

type Machine = keyof typeof machineNames;

export interface Execution {
  readonly arn: string;
  readonly status: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  readonly output: unknown;
}

/** Step Functions as an operator sees it in the AWS console. */
export const executionsOf = (cloud: Pick<Cloud, 'endpoint' | 'region' | 'account'>) => {
  const client = new SFNClient(clientSettings(cloud));
  const arnOf = (machine: Machine, name: string) =>
    `arn:aws:states:${cloud.region}:${cloud.account}:execution:${machineNames[machine]}:${name}`;

  const find = async (arn: string): Promise<Execution | undefined> => {
    try {
      const {
        status = '',
        error,
        cause,
        output,
      } = await client.send(new DescribeExecutionCommand({ executionArn: arn }));
      return { arn, status, error, cause, output: output === undefined ? undefined : JSON.parse(output) };
    } catch (failure) {
      if (failure instanceof ExecutionDoesNotExist) return undefined;
      throw failure;
    }
  };
  const history = async (arn: string): Promise<readonly HistoryEvent[]> => {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new GetExecutionHistoryCommand({ executionArn: arn, maxResults: 1000, ...(nextToken && { nextToken }) }),
      );
      events.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
    return events;
  };
  const list = async (machine: Machine): Promise<readonly string[]> => {
    const { executions = [] } = await client.send(
      new ListExecutionsCommand({
        stateMachineArn: `arn:aws:states:${cloud.region}:${cloud.account}:stateMachine:${machineNames[machine]}`,
      }),
    );
    return executions.map(({ executionArn = '' }) => executionArn);
  };
  return {
    arnOf,
    find,
    history,
    list,
    /** Starts one by hand. */
    start: (machine: Machine, name: string, input: unknown): Promise<StartExecutionCommandOutput> =>
      client.send(
        new StartExecutionCommand({
          stateMachineArn: `arn:aws:states:${cloud.region}:${cloud.account}:stateMachine:${machineNames[machine]}`,
          name,
          input: JSON.stringify(input),
        }),
      ),
    ended: (arn: string): Promise<Execution> =>
      until(
        `the end of ${arn}`,
        async () => {
          const execution = await find(arn);
          return execution && execution.status !== 'RUNNING' && execution;
        },
        async () => tellHistory(await history(arn)),
      ),
  };
};

export type Executions = ReturnType<typeof executionsOf>;

/** Names of the states that a history entered, in order. */
export const statesEntered = (events: readonly HistoryEvent[]): readonly string[] =>
  events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);

const LAST_EVENTS = 15;

/** The last events of a history, one a line, for the message of a story that went wrong. */
export const tellHistory = (events: readonly HistoryEvent[]): string =>
  events
    .slice(-LAST_EVENTS)
    .map(({ id, type, timestamp: _timestamp, previousEventId: _previous, ...details }) =>
      `${id} ${type} ${JSON.stringify(details)}`.slice(0, 600),
    )
    .join('\n');
