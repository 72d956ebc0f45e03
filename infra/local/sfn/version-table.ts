import type { World } from '../part.ts';
import type { MachineTable } from './machine-table.ts';

/** A published version: a state machine as it was at one revision. */
export interface VersionRow {
  /** `{machine}:{number}` */
  readonly arn: string;
  readonly machineArn: string;
  readonly number: number;
  readonly revisionId: string;
  readonly description: string;
  readonly createdMillis: number;
}

export type VersionTable = ReturnType<typeof versionTable>;

/** Versions of state machines as the store holds them. */
export const versionTable = (world: World, machines: MachineTable) => {
  const versions = world.store.table<VersionRow>('states.versions');
  const counters = world.store.table<number>('states.version-counters');
  const ofMachine = (machineArn: string): VersionRow[] =>
    versions
      .list(`${machineArn}:`)
      .map(({ value }) => value)
      .sort((a, b) => b.number - a.number);
  return {
    ofMachine,
    /** The version of the machine as it is now; a revision is published once, whoever asks again gets that one. */
    publish: (machineArn: string, description: string): VersionRow => {
      const revisionId = machines.find(machineArn)?.revisionId ?? 'INITIAL';
      const known = ofMachine(machineArn).find((version) => version.revisionId === revisionId);
      if (known) return known;
      const number = (counters.get(machineArn) ?? 0) + 1;
      const arn = `${machineArn}:${number}`;
      const row = { arn, machineArn, number, revisionId, description, createdMillis: world.clock.now() };
      counters.put(machineArn, number);
      versions.put(arn, row);
      return row;
    },
    remove: (arn: string): void => versions.delete(arn),
    /** With a machine go its versions. */
    removeAll: (machineArn: string): void => {
      for (const { arn } of ofMachine(machineArn)) versions.delete(arn);
      counters.delete(machineArn);
    },
  };
};
