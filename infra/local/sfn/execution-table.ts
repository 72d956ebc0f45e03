import type { Store } from '../store.ts';
import type { Execution } from './execution.ts';
import type { HistoryEvent } from './history.ts';

/** What the store holds of executions. */
export interface ExecutionTable {
  find(arn: string): Execution | undefined;
  /** Stores a step: its events, then the execution that counts them, so that a crash between leaves the step undone. */
  save(execution: Execution, events: readonly HistoryEvent[]): void;
  /** ARNs of executions that run, or that closed without this having been told. */
  listOpen(): string[];
  /** The end of an execution has been told. */
  markTold(arn: string): void;
  ofMachine(machineArn: string): Execution[];
  eventsOf(execution: Execution): HistoryEvent[];
  /** Removes an execution whose name is free again. */
  remove(arn: string): void;
}

export const executionTable = (store: Store): ExecutionTable => {
  const executions = store.table<Execution>('states.executions');
  const open = store.table<true>('states.open');
  /** One row per step, named after its first event: a step taken again after a crash replaces what it left. */
  const history = store.table<readonly HistoryEvent[]>('states.history');
  const historyKey = (arn: string, id: number) => `${arn}#${String(id).padStart(6, '0')}`;
  return {
    find: (arn) => executions.get(arn),
    save: (execution, events) => {
      const [first] = events;
      if (first) history.put(historyKey(execution.arn, first.id), events);
      if (execution.status === 'RUNNING' && !open.get(execution.arn)) open.put(execution.arn, true);
      executions.put(execution.arn, execution);
    },
    listOpen: () => open.list().map(({ key }) => key),
    markTold: (arn) => open.delete(arn),
    ofMachine: (machineArn) =>
      executions.list(`${machineArn.replace(':stateMachine:', ':execution:')}:`).map(({ value }) => value),
    eventsOf: ({ arn, events }) =>
      history
        .list(`${arn}#`)
        .flatMap(({ value }) => value)
        .filter(({ id }) => id <= events),
    remove: (arn) => {
      for (const { key } of history.list(`${arn}#`)) history.delete(key);
      open.delete(arn);
      executions.delete(arn);
    },
  };
};
