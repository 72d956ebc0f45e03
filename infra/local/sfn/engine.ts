import type { Timer } from '../clock.ts';
import type { World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { executionArnFrom } from './arns.ts';
import type { TaskState } from './definition.ts';
import { nextDueMillis, ringDue } from './due.ts';
import type { Execution } from './execution.ts';
import { type ExecutionTable, executionTable } from './execution-table.ts';
import { runtime, type StateFailure } from './failure.ts';
import { type HistoryEvent, HistoryFull, MOST_EVENTS, record } from './history.ts';
import { type Invoking, interrupted, invokeAs, type Returned } from './invocation.ts';
import { type MachineRow, type MachineTable, machineTable } from './machine-table.ts';
import { type Call, type Frame, frames, type Run, stateOf } from './run.ts';
import { functionReturned, taskFailed } from './states/task.ts';
import { statusEvent } from './status-event.ts';
import { settle } from './step.ts';
import { close } from './transitions.ts';

export interface EngineOptions extends Invoking {
  /** Told of every history event once it is stored. */
  readonly onHistory?: (executionArn: string, event: HistoryEvent) => void;
}

export interface Engine {
  readonly executions: ExecutionTable;
  readonly machines: MachineTable;
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
    if (run.history[0]?.type === 'ExecutionStarted') world.emit(statusEvent(asStarted(execution)));
    if (execution.status !== 'RUNNING') tellEnd(execution);
    else for (const call of run.calls) void carryOut(execution, call);
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
    if (due !== undefined)
      timers.set(
        arn,
        world.clock.after(due - world.clock.now(), () => stepIfOpen(arn, () => {})),
      );
  };

  const carryOut = async (execution: Execution, call: Call) => {
    const returned = await invokeAs(options, execution.roleArn, call);
    if (halted) return;
    stepIfOpen(execution.arn, (run) => {
      for (const frame of frames(run)) {
        const { waiting } = frame.visit;
        if (waiting?.kind === 'invocation' && waiting.call === call.call) return settleCall(run, frame, returned);
      }
    });
  };

  const stepIfOpen = (arn: string, work: (run: Run) => void) => {
    const execution = executions.find(arn);
    if (execution?.status === 'RUNNING') advance(runOf(execution), work);
  };

  const refuseWhenHalted = () => {
    if (halted)
      throw new AwsError('ServiceUnavailable', 'the embedded Step Functions is stopping; start it again', 503);
  };

  return {
    executions,
    machines,
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

const executionFrom = (
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

const settleCall = (run: Run, frame: Frame, returned: Returned) => {
  const state = taskAt(run, frame);
  if ('failure' in returned) taskFailed(run, frame, state, returned.failure);
  else functionReturned(run, frame, state, returned.payload);
};

/** No call outlives the process that made it. */
const failInterrupted = (run: Run) => {
  const interruptedCalls = [...frames(run)].flatMap(({ visit: { waiting } }) =>
    waiting?.kind === 'invocation' ? [waiting.call] : [],
  );
  for (const call of interruptedCalls) {
    for (const frame of frames(run)) {
      const { waiting } = frame.visit;
      if (waiting?.kind !== 'invocation' || waiting.call !== call) continue;
      taskFailed(run, frame, taskAt(run, frame), interrupted());
      break;
    }
  }
};

/** The Task a frame stands in. */
export const taskAt = (run: Run, { visit }: Frame): TaskState => {
  const state = stateOf(run, visit.state);
  if (state.Type !== 'Task') throw new Error(`${visit.state} is a ${state.Type}, not a Task`);
  return state;
};
