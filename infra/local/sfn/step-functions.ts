import type { InvokeFunction } from '../function.ts';
import type { Part, World } from '../part.ts';
import { jsonService } from '../wire/json.ts';
import { createEngine } from './engine.ts';
import type { HistoryEvent } from './history.ts';
import type { RoleJudge } from './machine-role.ts';
import { stateMachineResource } from './state-machine-resource.ts';
import { versionResource } from './version-resource.ts';
import { versionTable } from './version-table.ts';
import { executionOperations } from './wire/executions.ts';
import { historyOperations } from './wire/history.ts';
import { machineOperations } from './wire/machines.ts';
import { taskOperations } from './wire/tasks.ts';
import { versionOperations } from './wire/versions.ts';

export interface StepFunctionsOptions {
  readonly invoke: InvokeFunction;
  /** Throws unless the role may do the action; asked before each call of a function. */
  readonly authorizeRole?: (roleArn: string, action: string, resources: readonly string[]) => void;
  /** Judges the roles of state machines when they are made; without it any will do. */
  readonly roles?: RoleJudge;
  /** Told of every history event once it is stored. */
  readonly onHistory?: (executionArn: string, event: HistoryEvent) => void;
}

/** AWS Step Functions, Standard, JSONPath: README.md of this folder says what is as on AWS and what differs. */
export const createStepFunctions = (world: World, options: StepFunctionsOptions): Part => {
  const engine = createEngine(world, options);
  const versions = versionTable(world, engine.machines);
  const operations = {
    ...machineOperations(world, engine),
    ...versionOperations(engine.machines, versions),
    ...executionOperations(world, engine),
    ...historyOperations(engine),
    ...taskOperations(world, engine),
  };
  return {
    services: [jsonService('states', '1.0', operations)],
    resources: {
      'AWS::StepFunctions::StateMachine': stateMachineResource(world, engine, versions),
      'AWS::StepFunctions::StateMachineVersion': versionResource(engine.machines, versions),
    },
    start: async () => engine.resume(),
    stop: async () => engine.halt(),
  };
};
