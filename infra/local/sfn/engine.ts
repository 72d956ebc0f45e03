import type { Timer } from '../clock.ts';
import type { World } from '../part.ts';
import { takeTime } from '../take-time.ts';
import { AwsError } from '../wire/service.ts';
import { close } from './close.ts';
import { nextDueMillis, ringDue } from './due.ts';
import type { Execution } from './execution.ts';
import { executionFrom } from './execution-from.ts';
import { type ExecutionTable, executionTable } from './execution-table.ts';
import { runtime, type StateFailure } from './failure.ts';
import { type HistoryEvent, HistoryFull, MOST_EVENTS, record } from './history.ts';
import { type Invoking, invokeAs } from './invocation.ts';
import type { RoleJudge } from './machine-role.ts';
import { type MachineRow, type MachineTable, machineTable } from './machine-table.ts';
import type { Call, Run } from './run.ts';
import { statusEvent } from './status-event.ts';
import { settle } from './step.ts';
import { failInterrupted, settleCall } from './task-outcome.ts';

export interface EngineOptions extends Invoking {
  /** Without it any role will do. */
  readonly roles?: RoleJudge;
  /** Told of every history event once it is stored. */
  readonly onHistory?: (executionArn: string, event: HistoryEvent) => void;
}

export interface Engine {
  readonly executions: ExecutionTable;
  readonly machines: MachineTable;
  readonly roles: RoleJudge | undefined;
  begin(machine: MachineRow, name: string, input: string): Execution;
  /** One step of an open execution: `work` changes it, what follows by itself follows, all is stored, then calls go out. */
  step(arn: string, work: (run: Run) => void): void;
  /** Takes up every open execution. */
  resume(): void;
  /** Stops timers and forgets calls under way; the store keeps the rest. */
  halt(): void;
}

/** Drives executions: loads, steps, stores, and only then acts; between two steps an execution is its row in the store. */
export const createEngine = (world: World, options: EngineOptions): Engine => {
  const executions = executionTable(world.store);
  const machines = machineTable(world.store);
  const timers = new Map<string, Timer>();
  let halted = false;

  const runOf = (execution: Execution): Run => ({
    execution,
    ...machines.parsed(execution.revision),
    now: world.clock.now(),
    region: world.region,
    account: world.account,
    deleting: machines.find(execution.machineArn)?.status !== 'ACTIVE',
    history: [],
    calls: [],
  });

  const advance = (run: Run, work: (run: Run) => void) => {
    try {
      work(run);
      settle(run);
      ringDue(run);
    } catch (error) {
      close(run, 'FAILED', { failure: failureOf(error, run.execution.arn) }, run.execution.events);
    }
    executions.save(run.execution, run.history);
    afterwards(run);
  };

  const failureOf = (error: unknown, arn: string): StateFailure => {
    if (error instanceof HistoryFull) {
      return runtime(`The execution reached the maximum number of history events (${MOST_EVENTS}).`);
    }
    world.log(`states: ${arn} broke the engine: ${error instanceof Error ? error.stack : String(error)}`);
    return runtime(`The embedded cloud itself failed, and this execution with it: ${error}`);
  };

  const afterwards = (run: Run) => {
    const { execution } = run;
    arm(run);
    for (const event of run.history) options.onHistory?.(execution.arn, event);
    const isBegun = run.history[0]?.type === 'ExecutionStarted';
    if (isBegun) world.emit(statusEvent(asStarted(execution)));
    if (execution.status !== 'RUNNING') tellEnd(execution);
    else for (const call of run.calls) void carryOut(execution, call, isBegun);
  };

  const tellEnd = (execution: Execution) => {
    world.emit(statusEvent(execution));
    executions.markTold(execution.arn);
    const machine = machines.find(execution.machineArn);
    if (machine?.status === 'DELETING' && !hasOpen(machine.arn)) machines.remove(machine.arn);
  };

  const hasOpen = (machineArn: string) => executions.ofMachine(machineArn).some(({ status }) => status === 'RUNNING');

  const arm = (run: Run) => {
    const { arn } = run.execution;
    timers.get(arn)?.cancel();
    timers.delete(arn);
    const due = nextDueMillis(run);
    if (due === undefined) return;
    const wait = due - world.clock.now();
    timers.set(
      arn,
      world.clock.after(wait, () => stepIfOpen(arn, () => {})),
    );
  };

  const carryOut = async (execution: Execution, call: Call, isFirst: boolean) => {
    const time = takeTime(world, isFirst ? 'states.start' : 'states.task', call.functionArn);
    if (time) await time;
    if (halted) return;
    const returned = await invokeAs(options, execution.roleArn, call);
    if (halted) return;
    stepIfOpen(execution.arn, (run) => settleCall(run, call.call, returned));
  };

  const stepIfOpen = (arn: string, work: (run: Run) => void) => {
    const execution = executions.find(arn);
    if (execution?.status === 'RUNNING') advance(runOf(execution), work);
  };

  const refuseWhenHalted = () => {
    if (!halted) return;
    throw new AwsError('ServiceUnavailable', 'the embedded Step Functions is stopping; start it again', 503);
  };

  return {
    executions,
    machines,
    roles: options.roles,
    step: (arn, work) => {
      refuseWhenHalted();
      stepIfOpen(arn, work);
    },
    begin: (machine, name, input) => {
      refuseWhenHalted();
      const execution = executionFrom(machine, name, input, world.clock.now(), machines);
      advance(runOf(execution), (run) => {
        record(run, 'ExecutionStarted', 0, {
          executionStartedEventDetails: { input, inputDetails: { truncated: false }, roleArn: machine.roleArn },
        });
      });
      return execution;
    },
    resume: () => {
      halted = false;
      for (const arn of executions.listOpen()) {
        const execution = executions.find(arn);
        if (!execution) executions.markTold(arn);
        else if (execution.status === 'RUNNING') stepIfOpen(arn, failInterrupted);
        else tellEnd(execution);
      }
    },
    halt: () => {
      halted = true;
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
    },
  };
};

/** The first event tells of the start, even where the same step brought the execution to its end. */
const asStarted = ({ stopMillis: _, output: __, error: ___, cause: ____, ...execution }: Execution): Execution => ({
  ...execution,
  status: 'RUNNING',
});
