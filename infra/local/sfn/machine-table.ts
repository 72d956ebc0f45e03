import type { Store } from '../store.ts';
import { allStates, type Machine, type State } from './definition.ts';

/** A state machine as it is kept; its definition lies in a table of its own, where open executions find theirs. */
export interface MachineRow {
  readonly arn: string;
  readonly name: string;
  readonly status: 'ACTIVE' | 'DELETING';
  readonly roleArn: string;
  readonly createdMillis: number;
  readonly updatedMillis: number;
  /** Key of the present definition. */
  readonly revision: string;
  /** None before the first update, as on AWS. */
  readonly revisionId?: string;
  readonly updates: number;
  readonly loggingConfiguration: object;
  readonly tracingConfiguration: object;
}

export interface MachineTable {
  find(arn: string): MachineRow | undefined;
  save(row: MachineRow, definition?: string): void;
  remove(arn: string): void;
  list(): MachineRow[];
  definition(revision: string): string;
  parsed(revision: string): { readonly machine: Machine; readonly states: ReadonlyMap<string, State> };
}

export const machineTable = (store: Store): MachineTable => {
  const machines = store.table<MachineRow>('states.machines');
  const definitions = store.table<string>('states.definitions');
  const cache = new Map<string, { machine: Machine; states: ReadonlyMap<string, State> }>();
  const definition = (revision: string) => {
    const text = definitions.get(revision);
    if (text === undefined) throw new Error(`the definition ${revision} is not in the store`);
    return text;
  };
  return {
    find: (arn) => machines.get(arn),
    save: (row, text) =>
      store.atomically(() => {
        if (text !== undefined) definitions.put(row.revision, text);
        machines.put(row.arn, row);
      }),
    remove: (arn) => machines.delete(arn),
    list: () => machines.list().map(({ value }) => value),
    definition,
    parsed: (revision) => {
      const known = cache.get(revision);
      if (known) return known;
      const machine = JSON.parse(definition(revision)) as Machine; // checked before it was stored
      const entry = { machine, states: allStates(machine) };
      cache.set(revision, entry);
      return entry;
    },
  };
};
