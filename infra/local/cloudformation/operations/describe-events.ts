import { AwsError, type Input } from '../../wire/service.ts';
import type { ChangeSetRecord, EventRecord } from '../records.ts';
import { type Desk, flag } from './desk.ts';
import { getChangeSet, isWrong } from './find-change-set.ts';
import { page } from './paging.ts';
import { getStack } from './stacks.ts';

/** Newest first, as AWS gives them. */
export const describeStackEvents = (desk: Desk, { StackName, NextToken }: Input) => {
  const stack = getStack(desk.records, StackName);
  const { items, ...next } = page(newestFirst(desk, stack.id), NextToken);
  return { StackEvents: items.map(eventShown), ...next };
};

/** Events by operation: of a stack, of one operation, or of the making of a change set, where its errors stand. */
export const describeEvents = (desk: Desk, input: Input) => {
  const failedOnly = flag(input.Filters?.FailedEvents);
  const found = operationEvents(desk, input).filter(({ EventType }) => !failedOnly || EventType.endsWith('_ERROR'));
  const { items, ...next } = page(found, input.NextToken);
  return { OperationEvents: items, ...next };
};

const operationEvents = (desk: Desk, input: Input) => {
  if (input.ChangeSetName) return changeSetEvents(getChangeSet(desk, input));
  const wanted = (event: EventRecord) => !input.OperationId || event.operationId === input.OperationId;
  if (input.StackName)
    return newestFirst(desk, getStack(desk.records, input.StackName).id).filter(wanted).map(operationEvent);
  if (!input.OperationId)
    throw new AwsError('ValidationError', 'One of StackName, ChangeSetName and OperationId must be specified.');
  const changeSet = desk.records.changeSets.list().find(({ value }) => value.operationId === input.OperationId)?.value;
  if (changeSet) return changeSetEvents(changeSet);
  const events = desk.records.events.list().map(({ value }) => value);
  return events.filter(wanted).reverse().map(operationEvent);
};

const newestFirst = ({ records }: Desk, stackId: string): readonly EventRecord[] =>
  records.events
    .list(`${stackId}/`)
    .map(({ value }) => value)
    .reverse();

const eventShown = (event: EventRecord) => ({
  StackId: event.stackId,
  EventId: event.id,
  StackName: event.stackName,
  OperationId: event.operationId,
  LogicalResourceId: event.logicalId,
  PhysicalResourceId: event.physicalId ?? '',
  ResourceType: event.type,
  Timestamp: new Date(event.at),
  ResourceStatus: event.status,
  ResourceStatusReason: event.reason,
  ResourceProperties: event.properties,
  ClientRequestToken: event.token,
});

const operationEvent = (event: EventRecord) => {
  const { StackName: _, ...shown } = eventShown(event);
  const failed = event.status.endsWith('_FAILED');
  return {
    ...shown,
    OperationType: event.operationType,
    EventType: failed ? 'PROVISIONING_ERROR' : event.logicalId === event.stackName ? 'STACK_EVENT' : 'PROGRESS_EVENT',
  };
};

const changeSetEvents = (changeSet: ChangeSetRecord) => {
  const common = {
    StackId: changeSet.stackId,
    OperationId: changeSet.operationId,
    OperationType: 'CREATE_CHANGESET',
    Timestamp: new Date(changeSet.createdAt),
    StartTime: new Date(changeSet.createdAt),
    ClientRequestToken: changeSet.token,
  };
  const done = {
    CREATE_PENDING: 'IN_PROGRESS',
    CREATE_IN_PROGRESS: 'IN_PROGRESS',
    CREATE_COMPLETE: 'SUCCEEDED',
    FAILED: 'FAILED',
  };
  const state = {
    ...common,
    EventId: `${changeSet.operationId}-1`,
    EventType: 'STACK_EVENT',
    OperationStatus: done[changeSet.status],
  };
  if (!isWrong(changeSet)) return [state];
  const errors = validationErrors(changeSet).map((error, index) => ({
    ...common,
    EventId: `${changeSet.operationId}-${index + 2}`,
    EventType: 'VALIDATION_ERROR',
    ValidationStatus: 'FAILED',
    ValidationFailureMode: 'FAIL',
    ...error,
  }));
  return [...errors, state];
};

const validationErrors = ({ invalid, statusReason }: ChangeSetRecord) =>
  invalid?.map(({ logicalId, type, property, reason }) => ({
    LogicalResourceId: logicalId,
    ResourceType: type,
    ValidationName: 'AWS::EarlyValidation::PropertyValidation',
    ValidationPath: `/Resources/${logicalId}${property === undefined ? '' : `/Properties/${property}`}`,
    ValidationStatusReason: reason,
  })) ?? [{ ValidationStatusReason: statusReason }];
