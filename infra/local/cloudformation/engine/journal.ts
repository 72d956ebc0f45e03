import type {
  EventRecord,
  OperationRecord,
  ResourceRecord,
  ResourceStatus,
  StackRecord,
  StackStatus,
} from '../records.ts';
import { masked } from '../template/no-echo.ts';
import { uuidFrom } from '../uuid-from.ts';
import type { Context } from './context.ts';

type Journal = Pick<Context, 'world' | 'records'>;
type Cause = Partial<Pick<OperationRecord, 'id' | 'type' | 'token' | 'masked'>>;

export const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** Moves a running operation on, unless a cancel or a delete has moved it elsewhere meanwhile. */
export const move = (
  journal: Journal,
  operation: OperationRecord,
  next: Pick<OperationRecord, 'phase' | 'status'> & Partial<OperationRecord>,
) => {
  const stored = journal.records.operations.get(operation.stackId);
  if (!stored || stored.id !== operation.id || stored.phase !== operation.phase) return;
  enter(journal, { ...stored, reason: undefined, ...next });
};

/** Stores what an operation does next and shows it. */
export const enter = (journal: Journal, operation: OperationRecord) => {
  const tell = journal.world.store.atomically(() => {
    journal.records.operations.put(operation.stackId, operation);
    // The end of an operation is shown by the engine, when nothing of it is left in the records.
    return operation.phase === 'END' ? undefined : show(journal, operation);
  });
  tell?.();
};

/** Gives the stack the status of its operation, once; the answer announces it on the event bus. */
export const show = (journal: Journal, operation: OperationRecord): (() => void) | undefined => {
  const stack = journal.records.stacks.get(operation.stackId);
  if (!stack || stack.status === operation.status) return undefined;
  setStatus(journal, stack, operation.status, operation.reason, operation);
  return () => announce(journal, operation.stackId, operation.token);
};

export const setStatus = (
  journal: Journal,
  stack: StackRecord,
  status: StackStatus,
  reason: string | undefined,
  cause: Cause,
) => {
  journal.records.stacks.put(stack.id, { ...stack, status, statusReason: reason });
  append(journal, cause, {
    stackId: stack.id,
    logicalId: stack.name,
    physicalId: stack.id,
    ...{ type: STACK_TYPE, status, reason },
  });
};

/** The event EventBridge knows as `CloudFormation Stack Status Change`. */
export const announce = ({ world, records }: Journal, stackId: string, token: string | undefined) => {
  const stack = records.stacks.get(stackId);
  if (!stack) return;
  world.emit({
    source: 'aws.cloudformation',
    'detail-type': 'CloudFormation Stack Status Change',
    resources: [stackId],
    detail: {
      'stack-id': stackId,
      'status-details': { status: stack.status, 'status-reason': stack.statusReason ?? '' },
      'client-request-token': token ?? '',
    },
  });
};

/** Stores a resource with its new status and appends the event that says so. */
export const mark = (
  journal: Journal,
  cause: Cause,
  record: ResourceRecord,
  status: ResourceStatus,
  reason?: string,
): ResourceRecord => {
  const marked = { ...record, status, statusReason: reason, updatedAt: journal.world.clock.now() };
  const { stackId, logicalId, type, physicalId } = marked;
  const properties = JSON.stringify(marked.step?.attempted?.properties ?? marked.current?.properties ?? {});
  journal.world.store.atomically(() => {
    journal.records.putResource(marked);
    append(journal, cause, { stackId, logicalId, type, physicalId, status, reason, properties });
  });
  return marked;
};

export const append = (
  { world, records }: Journal,
  cause: Cause,
  event: Omit<EventRecord, 'id' | 'at' | 'stackName' | 'token' | 'operationId' | 'operationType'>,
) => {
  const stack = records.stacks.get(event.stackId);
  if (!stack) throw new Error(`an event for a stack that is not there: ${event.stackId}`);
  const number = stack.events + 1;
  records.stacks.put(stack.id, { ...stack, events: number });
  const at = world.clock.now();
  const unique = uuidFrom(stack.id, 'event', number);
  records.events.put(`${stack.id}/${String(number).padStart(8, '0')}`, {
    id: event.type === STACK_TYPE ? unique : `${event.logicalId}-${event.status}-${unique.slice(0, 8)}`,
    stackName: stack.name,
    at,
    ...event,
    ...(event.properties === undefined ? {} : { properties: masked(event.properties, cause.masked ?? []) }),
    ...(cause.id === undefined ? {} : { operationId: cause.id }),
    ...(cause.type === undefined ? {} : { operationType: cause.type }),
    token: cause.token,
  });
};
