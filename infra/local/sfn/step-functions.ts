import type { InvokeFunction } from '../function.ts';
import type { Part, World } from '../part.ts';
import { jsonService } from '../wire/json.ts';
import { createEngine } from './engine.ts';
import type { HistoryEvent } from './history.ts';
import { stateMachineResource } from './state-machine-resource.ts';
import { executionOperations } from './wire/executions.ts';
import { historyOperations } from './wire/history.ts';
import { machineOperations } from './wire/machines.ts';
import { taskOperations } from './wire/tasks.ts';

export interface StepFunctionsOptions {
  readonly invoke: InvokeFunction;
  /** Throws unless the role may do the action; asked before each call of a function. */
  readonly authorizeRole?: (roleArn: string, action: string, resources: readonly string[]) => void;
  /** Told of every history event once it is stored. */
  readonly onHistory?: (executionArn: string, event: HistoryEvent) => void;
}

/** AWS Step Functions, Standard, JSONPath: README.md of this folder says what is as on AWS and what differs. */
export const createStepFunctions = (world: World, options: StepFunctionsOptions): Part => {
  const engine = createEngine(world, options);
  const operations = {
    ...machineOperations(world, engine),
    ...executionOperations(world, engine),
    ...historyOperations(engine),
    ...taskOperations(world, engine),
  };
  return {
    services: [jsonService('states', '1.0', operations)],
    resources: { 'AWS::StepFunctions::StateMachine': stateMachineResource(world, engine) },
    start: async () => engine.resume(),
    stop: async () => engine.halt(),
  };
};
