import type { Store } from '../store.ts';
import type { Execution } from './execution.ts';
import type { HistoryEvent } from './history.ts';

/** What the store holds of executions. */
export interface ExecutionTable {
  find(arn: string): Execution | undefined;
  /** Stores a step whole: the execution and the events it adds. */
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
  /** One row per step, named after its first event. */
  const history = store.table<readonly HistoryEvent[]>('states.history');
  const historyKey = (arn: string, id: number) => `${arn}#${String(id).padStart(6, '0')}`;
  return {
    find: (arn) => executions.get(arn),
    save: (execution, events) =>
      store.atomically(() => {
        const [first] = events;
        if (first) history.put(historyKey(execution.arn, first.id), events);
        if (execution.status === 'RUNNING' && !open.get(execution.arn)) open.put(execution.arn, true);
        executions.put(execution.arn, execution);
      }),
    listOpen: () => open.list().map(({ key }) => key),
    markTold: (arn) => open.delete(arn),
    ofMachine: (machineArn) =>
      executions.list(`${machineArn.replace(':stateMachine:', ':execution:')}:`).map(({ value }) => value),
    eventsOf: ({ arn }) => history.list(`${arn}#`).flatMap(({ value }) => value),
    remove: (arn) =>
      store.atomically(() => {
        for (const { key } of history.list(`${arn}#`)) history.delete(key);
        open.delete(arn);
        executions.delete(arn);
      }),
  };
};
