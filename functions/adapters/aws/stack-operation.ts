import {
  type CloudFormationClient,
  paginateDescribeStackEvents,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { hasRolledBack, hasSucceeded, isAtRest } from '../../domain/cloudformation-status.ts';
import type { ResourceFailure, StackOperation } from '../../ports.ts';

/**
 * Judges an operation by the stack events that carry its token. Events come newest first, so reading ends at the first
 * older one of somebody else.
 */
export const stackOperation = async (
  client: CloudFormationClient,
  stackName: string,
  token: string,
): Promise<StackOperation> => {
  const ours: StackEvent[] = [];
  try {
    pages: for await (const page of paginateDescribeStackEvents({ client }, { StackName: stackName }))
      for (const event of page.StackEvents ?? []) {
        if (event.ClientRequestToken === token) ours.push(event);
        else if (ours.length > 0) break pages;
      }
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist'))
      return { kind: 'unknown' };
    throw error;
  }
  return judged(ours);
};

const judged = (ours: readonly StackEvent[]): StackOperation => {
  if (ours.length === 0) return { kind: 'unknown' };
  const ofStack = ours.find(({ PhysicalResourceId, StackId }) => PhysicalResourceId === StackId);
  const status = ofStack?.ResourceStatus ?? '';
  if (!isAtRest(status)) return { kind: 'running' };
  const failures = ours.filter(isFailure).map(failureOf).reverse();
  return { kind: 'ended', status, succeeded: hasSucceeded(status), rolledBack: hasRolledBack(status), failures };
};

/** What was merely cancelled because of another failure is no cause. */
const isFailure = ({ ResourceStatus, ResourceStatusReason = '', PhysicalResourceId, StackId }: StackEvent) =>
  ResourceStatus?.endsWith('_FAILED') &&
  PhysicalResourceId !== StackId &&
  !/(creation|update|deletion) cancelled/i.test(ResourceStatusReason);

const failureOf = (event: StackEvent): ResourceFailure => ({
  logicalId: event.LogicalResourceId ?? '',
  type: event.ResourceType ?? '',
  reason: event.ResourceStatusReason ?? 'CloudFormation gives no reason',
});
