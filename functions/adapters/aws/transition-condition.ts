import { type CallbackEvent, callbackAllowedFrom } from '../../domain/callback-transition.ts';
import type { DeploymentEvent } from '../../domain/deployment/deployment.ts';
import { allowedFrom as deploymentAllowedFrom } from '../../domain/deployment/transitions.ts';
import type { StackEvent } from '../../domain/stack/stack.ts';
import { allowedFrom as stackAllowedFrom } from '../../domain/stack/transitions.ts';
import { absent, all, type Condition, equals, oneOf } from './condition.ts';

/** What a stored stack must show for an event: a status whose row takes it, and the holder the event speaks of. */
export const stackCondition = (event: StackEvent): Condition => {
  const status = oneOf('status', stackAllowedFrom(event.type));
  switch (event.type) {
    case 'Claimed':
      return all([status, absent('current'), equals('queue[0].deploymentId', event.deploymentId)]);
    case 'DeploymentCompleted':
    case 'DeploymentFailed':
    case 'DeploymentTerminated':
    case 'CountsRead':
      return all([status, equals('current.deploymentId', event.deploymentId), equals('current.fence', event.fence)]);
    case 'Triggered':
    case 'Withdrawn':
    case 'Resumed':
    case 'SupersedingRecorded':
      return status;
  }
};

export const deploymentCondition = ({ type }: DeploymentEvent): Condition =>
  oneOf('status', deploymentAllowedFrom(type));

export const callbackCondition = (event: CallbackEvent): Condition => oneOf('status', callbackAllowedFrom(event));
