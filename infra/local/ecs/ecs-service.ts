import { jsonService } from '../wire/json.ts';
import type { Input, WireService } from '../wire/service.ts';
import { clusterOperations } from './cluster-operations.ts';
import { nameOf } from './ecs-arns.ts';
import type { EcsState } from './ecs-state.ts';
import { withPassRole } from './pass-role.ts';
import type { ServiceChanges } from './service-changes.ts';
import { serviceOperations } from './service-operations.ts';
import { tagOperations } from './tag-operations.ts';
import { taskDefinitionOperations } from './task-definition-operations.ts';
import { taskOperations } from './task-operations.ts';

/** ECS on the wire: JSON 1.1. */
export const ecsService = (state: EcsState, changes: ServiceChanges): WireService => {
  const { arns, definitions } = state;
  const service = jsonService('ecs', '1.1', {
    ...clusterOperations(state),
    ...taskDefinitionOperations(state),
    ...taskOperations(state),
    ...serviceOperations(state, changes),
    ...tagOperations(state),
  });
  const rolesPassed = (action: string, input: Input): readonly string[] => {
    if (action === 'ecs:RegisterTaskDefinition') return present(input.taskRoleArn, input.executionRoleArn);
    if (action !== 'ecs:RunTask') return [];
    const definition = definitions.find(String(input.taskDefinition));
    const { taskRoleArn, executionRoleArn } = input.overrides ?? {};
    return present(taskRoleArn ?? definition?.taskRoleArn, executionRoleArn ?? definition?.executionRoleArn);
  };
  return withPassRole(service, rolesPassed, ({ cluster = 'default' }) => arns.cluster(nameOf(cluster)));
};

const present = (...roles: readonly (string | undefined)[]): readonly string[] =>
  roles.filter((role) => role !== undefined);
