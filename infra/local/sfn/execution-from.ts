import { executionArnFrom } from './arns.ts';
import type { Execution } from './execution.ts';
import type { MachineRow, MachineTable } from './machine-table.ts';

/** A new execution, about to enter the first state of the machine's present definition. */
export const executionFrom = (
  machine: MachineRow,
  name: string,
  input: string,
  startMillis: number,
  machines: MachineTable,
): Execution => {
  const { StartAt, TimeoutSeconds } = machines.parsed(machine.revision).machine;
  return {
    arn: executionArnFrom(machine.arn, name),
    name,
    machineArn: machine.arn,
    machineName: machine.name,
    revision: machine.revision,
    roleArn: machine.roleArn,
    input,
    startMillis,
    ...(TimeoutSeconds === undefined ? {} : { timeoutMillis: startMillis + TimeoutSeconds * 1000 }),
    status: 'RUNNING',
    events: 0,
    serial: 0,
    root: { index: 0, last: 0, position: { kind: 'entering', turn: 0, state: StartAt, input: JSON.parse(input) } },
  };
};
