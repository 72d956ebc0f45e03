import {
  type CloudFormationClient,
  paginateDescribeStackEvents,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { hasRolledBack, hasSucceeded, isAtRest } from '../../domain/cloudformation-status.ts';
import type { ResourceFailure, StackOperation } from '../../ports.ts';
import { isNamed } from './named.ts';

/**
 * Judges an operation by the stack events that carry its token, and by the first rest of the stack after them: somebody
 * who cancels our update, or deletes the stack, ends it under a token of their own.
 */
export const stackOperation = async (
  client: CloudFormationClient,
  stackName: string,
  token: string,
): Promise<StackOperation> => {
  try {
    const { ours, later } = await eventsOf(client, stackName, token);
    return judged(ours, later);
  } catch (error) {
    if (isNamed(error, 'ValidationError') && String(error).includes('does not exist')) return { kind: 'unknown' };
    throw error;
  }
};

/** Events come newest first, so reading ends at the first one of somebody else that is older than ours. */
const eventsOf = async (client: CloudFormationClient, stackName: string, token: string) => {
  const ours: StackEvent[] = [];
  const later: StackEvent[] = [];
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName: stackName }))
    for (const event of StackEvents) {
      if (event.ClientRequestToken === token) ours.push(event);
      else if (ours.length === 0) later.push(event);
      else return { ours, later };
    }
  return { ours, later };
};

const judged = (ours: readonly StackEvent[], later: readonly StackEvent[]): StackOperation => {
  if (ours.length === 0) return { kind: 'unknown' };
  const failures = ours.filter(isFailure).map(failureOf).reverse();
  const status = ours.find(isOfStack)?.ResourceStatus ?? '';
  if (isAtRest(status))
    return {
      kind: 'ended',
      status,
      succeeded: hasSucceeded(status) || (continuesRollback(ours) && hasRolledBack(status)),
      rolledBack: hasRolledBack(status),
      failures,
    };
  const foreignEnd = later.findLast((event) => isOfStack(event) && isAtRest(event.ResourceStatus ?? ''));
  return foreignEnd ? endedByOthers(foreignEnd, failures) : { kind: 'running' };
};

/** What begins by rolling back was asked to: a rollback that had failed is continued. */
const continuesRollback = (ours: readonly StackEvent[]): boolean =>
  ours.findLast(isOfStack)?.ResourceStatus === 'UPDATE_ROLLBACK_IN_PROGRESS';

/** Only one operation moves a stack at a time: the first rest after ours is our end, whoever brought it about. */
const endedByOthers = (end: StackEvent, failures: readonly ResourceFailure[]): StackOperation => {
  const status = end.ResourceStatus ?? '';
  const reason = `Another operation than this one brought the stack to ${status}`;
  return {
    kind: 'ended',
    status,
    succeeded: false,
    rolledBack: hasRolledBack(status),
    failures: failures.length > 0 ? failures : [{ ...failureOf(end), reason }],
  };
};

const isOfStack = ({ PhysicalResourceId, StackId }: StackEvent) => PhysicalResourceId === StackId;

/** What was merely cancelled because of another failure is no cause. */
const isFailure = (event: StackEvent) =>
  event.ResourceStatus?.endsWith('_FAILED') &&
  !isOfStack(event) &&
  !/(creation|update|deletion) cancelled/i.test(event.ResourceStatusReason ?? '');

const failureOf = (event: StackEvent): ResourceFailure => ({
  logicalId: event.LogicalResourceId ?? '',
  type: event.ResourceType ?? '',
  reason: event.ResourceStatusReason ?? 'CloudFormation gives no reason',
});
