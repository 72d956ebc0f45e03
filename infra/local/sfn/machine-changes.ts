import { isDeepStrictEqual } from 'node:util';
import type { World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { checkedArn, checkedName, machineArnOf } from './arns.ts';
import { checkedDefinition } from './check/definition.ts';
import type { Engine } from './engine.ts';
import { checkRole } from './machine-role.ts';
import type { MachineRow, MachineTable } from './machine-table.ts';
import { uuidFrom } from './seed.ts';

/** What a state machine is made of. */
export interface MachineSpec {
  readonly name: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly loggingConfiguration?: object;
  readonly tracingConfiguration?: object;
}

type Machines = Pick<Engine, 'machines' | 'roles'>;

/** Makes a state machine; asking again for one that is just so gives the one there is. */
export const createMachine = (world: World, { machines, roles }: Machines, spec: MachineSpec): MachineRow => {
  const name = checkedName(spec.name);
  const arn = machineArnOf(world, name);
  checkedDefinition(spec.definition);
  const earlier = machines.find(arn);
  if (earlier) return sameOrRefused(machines, earlier, spec);
  const now = world.clock.now();
  const row: MachineRow = {
    arn,
    name,
    status: 'ACTIVE',
    roleArn: spec.roleArn,
    createdMillis: now,
    updatedMillis: now,
    revision: `${arn}#${now}-0`,
    updates: 0,
    loggingConfiguration: spec.loggingConfiguration ?? { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: spec.tracingConfiguration ?? { enabled: false },
  };
  if (roles) checkRole(roles, row, world.account);
  machines.save(row, spec.definition);
  return row;
};

const sameOrRefused = (machines: MachineTable, row: MachineRow, spec: MachineSpec): MachineRow => {
  if (row.status === 'DELETING') throw deleting(row.arn);
  const isSame =
    machines.definition(row.revision) === spec.definition &&
    row.roleArn === spec.roleArn &&
    (!spec.loggingConfiguration || isDeepStrictEqual(row.loggingConfiguration, spec.loggingConfiguration)) &&
    (!spec.tracingConfiguration || isDeepStrictEqual(row.tracingConfiguration, spec.tracingConfiguration));
  if (isSame) return row;
  throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${row.arn}'`);
};

/** Changes a state machine in place; executions that run keep definition and role. */
export const updateMachine = (
  world: World,
  { machines, roles }: Machines,
  stateMachineArn: unknown,
  { definition, roleArn, loggingConfiguration, tracingConfiguration }: Partial<MachineSpec>,
): MachineRow => {
  const row = activeMachine(machines, stateMachineArn);
  if (!definition && !roleArn && !loggingConfiguration && !tracingConfiguration) {
    throw new AwsError(
      'MissingRequiredParameter',
      'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
    );
  }
  if (definition !== undefined) checkedDefinition(definition);
  const updates = row.updates + 1;
  const updated: MachineRow = {
    ...row,
    roleArn: roleArn ?? row.roleArn,
    updatedMillis: world.clock.now(),
    updates,
    revisionId: uuidFrom(`revision ${row.arn} ${row.createdMillis} ${updates}`),
    revision: definition === undefined ? row.revision : `${row.arn}#${row.createdMillis}-${updates}`,
    loggingConfiguration: loggingConfiguration ?? row.loggingConfiguration,
    tracingConfiguration: tracingConfiguration ?? row.tracingConfiguration,
  };
  if (roles) checkRole(roles, updated, world.account);
  machines.save(updated, definition);
  return updated;
};

/** Deletes at once, or, while executions run, when the last of them has reached its next transition and ended there. */
export const deleteMachine = (engine: Engine, arn: string): void => {
  const row = engine.machines.find(arn);
  if (!row) return;
  const isInUse = engine.executions.ofMachine(arn).some(({ status }) => status === 'RUNNING');
  if (isInUse) engine.machines.save({ ...row, status: 'DELETING' });
  else engine.machines.remove(arn);
};

export const getMachine = (machines: MachineTable, arn: unknown): MachineRow => {
  const row = machines.find(checkedArn(arn, 'stateMachine'));
  if (row) return row;
  throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
};

export const activeMachine = (machines: MachineTable, arn: unknown): MachineRow => {
  const row = getMachine(machines, arn);
  if (row.status === 'DELETING') throw deleting(row.arn);
  return row;
};

const deleting = (arn: string) => new AwsError('StateMachineDeleting', `State Machine is being deleted: '${arn}'`);
