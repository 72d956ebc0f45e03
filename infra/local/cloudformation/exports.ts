import type { Records } from './open-records.ts';
import type { StackRecord } from './records.ts';

export interface Export {
  readonly stackId: string;
  readonly stackName: string;
  readonly name: string;
  readonly value: string;
}

/** The exports of all stacks that exist, by name. */
export const allExports = (records: Records): readonly Export[] =>
  records.stacks
    .list()
    .filter(({ value }) => value.status !== 'DELETE_COMPLETE')
    .flatMap(({ value: { id, name, outputs } }) =>
      outputs.flatMap(({ exportName, value }) =>
        exportName === undefined ? [] : [{ stackId: id, stackName: name, name: exportName, value }],
      ),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));

export const exportedValue = (records: Records, name: string): string => {
  const found = allExports(records).find((one) => one.name === name);
  if (!found) throw new Error(`No export named ${name} found.`);
  return found.value;
};

/** Throws, in AWS's words, when the stack's next outputs would take a name or break an import. */
export const checkExports = (records: Records, stack: StackRecord, next: StackRecord['outputs']) => {
  const others = allExports(records).filter(({ stackId }) => stackId !== stack.id);
  for (const { exportName } of next) {
    const taken = others.find(({ name }) => name === exportName);
    if (taken) throw new Error(`Export with name ${exportName} is already exported by stack ${taken.stackName}.`);
  }
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined || next.some((one) => one.exportName === exportName && one.value === value)) continue;
    const users = importersOf(records, exportName, stack.id);
    const kept = next.some((one) => one.exportName === exportName);
    if (users.length)
      throw new Error(
        `Export ${exportName} cannot be ${kept ? 'updated' : 'deleted'} as it is in use by ${users.join(', ')}`,
      );
  }
};

const importersOf = (records: Records, exportName: string, but: string): readonly string[] =>
  records.stacks
    .list()
    .filter(({ value }) => value.id !== but && value.status !== 'DELETE_COMPLETE' && value.imports.includes(exportName))
    .map(({ value }) => value.name);
