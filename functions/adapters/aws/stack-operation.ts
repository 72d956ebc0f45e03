import {
  type CloudFormationClient,
  paginateDescribeStackEvents,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { hasRolledBack, hasSucceeded, isAtRest, isGone } from '../../domain/cloudformation-status.ts';
import type { ResourceFailure, StackOperation } from '../../ports.ts';
import { isNamed } from './named.ts';

/**
 * Judges an operation by the stack events that carry its token, and by the first rest of the stack after them: somebody
 * who cancels our update, or deletes the stack, ends it under a token of their own.
 */
export const stackOperation = async (
  client: CloudFormationClient,
  /** Or its id, under which CloudFormation remembers what is deleted for 90 days. */
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

/**
 * Whoever asks is a deployment that still goes on. It moves its stack a dozen times at most, so that what lies this many
 * ends of operations back was there before it: a token that was not found by then was never used.
 */
const MOST_OPERATIONS = 30;

/**
 * Events come newest first, so reading ends at the first one of somebody else that is older than ours, or where ours
 * cannot be any more: the history of a stack reaches back for months.
 */
const eventsOf = async (client: CloudFormationClient, stackName: string, token: string) => {
  const ours: StackEvent[] = [];
  const later: StackEvent[] = [];
  const isEnough = (event: StackEvent) =>
    ours.length > 0 || (isEnd(event) && later.filter(isEnd).length >= MOST_OPERATIONS);
  for await (const event of newestFirst(client, stackName)) {
    if (event.ClientRequestToken === token) ours.push(event);
    else if (isEnough(event)) break;
    else later.push(event);
  }
  return { ours, later };
};

/** A page is asked for when it is reached. */
async function* newestFirst(client: CloudFormationClient, stackName: string) {
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName: stackName }))
    yield* StackEvents;
}

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
  const foreignEnd = later.findLast(isEnd);
  return foreignEnd ? endedByOthers(foreignEnd, failures) : { kind: 'running' };
};

/** What begins by rolling back was asked to: a rollback that had failed is continued. */
const continuesRollback = (ours: readonly StackEvent[]): boolean =>
  ours.findLast(isOfStack)?.ResourceStatus === 'UPDATE_ROLLBACK_IN_PROGRESS';

/** Only one operation moves a stack at a time: the first rest after ours is our end, whoever brought it about. */
const endedByOthers = (end: StackEvent, failures: readonly ResourceFailure[]): StackOperation => {
  const status = end.ResourceStatus ?? '';
  const gone = isGone(status);
  const reason = gone
    ? 'Somebody deleted the stack while this operation was under way'
    : `Another operation than this one brought the stack to ${status}`;
  return {
    kind: 'ended',
    status,
    succeeded: false,
    rolledBack: hasRolledBack(status),
    ...(gone && { gone }),
    // Whatever had failed before, it is the deletion that ended it.
    failures: failures.length > 0 && !gone ? failures : [{ ...failureOf(end), reason }],
  };
};

/** The stack has come to rest. */
const isEnd = (event: StackEvent): boolean => isOfStack(event) && isAtRest(event.ResourceStatus ?? '');

const isOfStack = ({ PhysicalResourceId, StackId }: StackEvent) => PhysicalResourceId === StackId;

/** What was merely cancelled because of another failure is no cause. */
const isFailure = (event: StackEvent) =>
  event.ResourceStatus?.endsWith('_FAILED') &&
  !isOfStack(event) &&
  !/(creation|update|deletion|import) cancelled/i.test(event.ResourceStatusReason ?? '');

const failureOf = (event: StackEvent): ResourceFailure => ({
  logicalId: event.LogicalResourceId ?? '',
  ...(event.PhysicalResourceId && { physicalId: event.PhysicalResourceId }),
  type: event.ResourceType ?? '',
  reason: event.ResourceStatusReason ?? 'CloudFormation gives no reason',
});
