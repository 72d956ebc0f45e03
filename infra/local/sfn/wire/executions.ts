import { randomUUID } from 'node:crypto';
import type { World } from '../../part.ts';
import { AwsError, type Input, type Operation } from '../../wire/service.ts';
import { checkedArn, checkedName, executionArnFrom } from '../arns.ts';
import { close } from '../close.ts';
import type { Engine } from '../engine.ts';
import type { Execution } from '../execution.ts';
import { DATA_LIMIT_BYTES, StateFailure } from '../failure.ts';
import { activeMachine } from '../machine-changes.ts';
import type { MachineRow } from '../machine-table.ts';
import { pageOf, seconds } from './paging.ts';

/** A name is free again 90 days after its execution closed. */
const NAME_KEPT_MILLIS = 90 * 24 * 3600 * 1000;

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'];

const onExecution = ({ executionArn }: Input) => [String(executionArn)];
const onMachine = ({ stateMachineArn }: Input) => [String(stateMachineArn)];

export const executionOperations = (world: World, engine: Engine): Readonly<Record<string, Operation>> => ({
  StartExecution: {
    resources: onMachine,
    run: (request) => {
      const machine = activeMachine(engine.machines, request.stateMachineArn);
      const name = request.name === undefined ? randomUUID() : checkedName(request.name);
      const input = checkedInput(request.input ?? '{}');
      const { arn, startMillis } = startOnce(world, engine, machine, name, input);
      return { executionArn: arn, startDate: seconds(startMillis) };
    },
  },
  DescribeExecution: {
    resources: onExecution,
    run: ({ executionArn }) => described(getExecution(engine, executionArn)),
  },
  DescribeStateMachineForExecution: {
    resources: onExecution,
    run: ({ executionArn }) => {
      const { machineArn, machineName, revision, roleArn } = getExecution(engine, executionArn);
      const machine = engine.machines.find(machineArn);
      return {
        stateMachineArn: machineArn,
        name: machineName,
        definition: engine.machines.definition(revision),
        roleArn,
        updateDate: seconds(machine?.updatedMillis ?? 0),
        loggingConfiguration: machine?.loggingConfiguration,
        tracingConfiguration: machine?.tracingConfiguration,
      };
    },
  },
  ListExecutions: {
    resources: onMachine,
    run: (request) => {
      const { arn } = activeMachine(engine.machines, request.stateMachineArn);
      const status = checkedStatus(request.statusFilter);
      const found = engine.executions.ofMachine(arn).filter((execution) => !status || execution.status === status);
      const latestFirst = found.sort((a, b) => b.startMillis - a.startMillis || (a.arn < b.arn ? 1 : -1));
      const { page, nextToken } = pageOf(latestFirst, request);
      return { executions: page.map(listed), nextToken };
    },
  },
  StopExecution: {
    resources: onExecution,
    run: ({ executionArn, error, cause }) => {
      const { arn } = getExecution(engine, executionArn);
      engine.step(arn, (run) => close(run, 'ABORTED', { failure: new StateFailure(error, cause) }, 0));
      return { stopDate: seconds(getExecution(engine, executionArn).stopMillis ?? world.clock.now()) };
    },
  },
});

/** A start with the name and input of an execution that runs is that execution; a name that is taken is refused. */
const startOnce = (world: World, engine: Engine, machine: MachineRow, name: string, input: string): Execution => {
  const arn = executionArnFrom(machine.arn, name);
  const earlier = engine.executions.find(arn);
  if (!earlier) return engine.begin(machine, name, input);
  if (earlier.status === 'RUNNING' && earlier.input === input) return earlier;
  const isFree = earlier.stopMillis !== undefined && earlier.stopMillis + NAME_KEPT_MILLIS <= world.clock.now();
  if (!isFree) throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
  engine.executions.remove(arn);
  return engine.begin(machine, name, input);
};

export const getExecution = (engine: Engine, executionArn: unknown): Execution => {
  const execution = engine.executions.find(checkedArn(executionArn, 'execution'));
  if (execution) return execution;
  throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
};

const checkedInput = (input: unknown): string => {
  const refused = (why: string) =>
    new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${why}'`);
  if (typeof input !== 'string' || input.trim() === '') throw refused('Invalid execution input.');
  if (Buffer.byteLength(input) > DATA_LIMIT_BYTES) throw refused(`It has more than ${DATA_LIMIT_BYTES} bytes.`);
  try {
    JSON.parse(input);
    return input;
  } catch (error) {
    throw refused(String(error));
  }
};

const checkedStatus = (status: unknown): string | undefined => {
  if (status === undefined || (typeof status === 'string' && statuses.includes(status))) return status;
  const constraint = `Member must satisfy enum value set: [${statuses.join(', ')}]`;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${status}' at 'statusFilter' failed to satisfy constraint: ${constraint}`,
  );
};

const listed = ({ arn, machineArn, name, status, startMillis, stopMillis }: Execution) => ({
  executionArn: arn,
  stateMachineArn: machineArn,
  name,
  status,
  startDate: seconds(startMillis),
  ...(stopMillis === undefined ? {} : { stopDate: seconds(stopMillis) }),
  redriveCount: 0,
});

const described = (execution: Execution) => {
  const { status, input, output, error, cause } = execution;
  const isRedrivable = status === 'FAILED' || status === 'TIMED_OUT' || status === 'ABORTED';
  return {
    ...listed(execution),
    input,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    redriveStatus: isRedrivable ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
    ...(isRedrivable ? {} : { redriveStatusReason: `Execution is ${status} and cannot be redriven` }),
  };
};
