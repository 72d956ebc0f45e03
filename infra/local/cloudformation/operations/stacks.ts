import { AwsError } from '../../wire/service.ts';
import type { Records } from '../open-records.ts';
import type { StackRecord } from '../records.ts';
import { uuidFrom } from '../uuid-from.ts';
import type { Desk } from './desk.ts';

/** A stack by id, gone ones included, or by name, only while it exists. */
export const findStack = (records: Records, nameOrId: string): StackRecord | undefined => {
  if (nameOrId.startsWith('arn:')) return records.stacks.get(nameOrId);
  const stackId = records.names.get(nameOrId)?.stackId;
  const stack = stackId === undefined ? undefined : records.stacks.get(stackId);
  return stack?.status === 'DELETE_COMPLETE' ? undefined : stack;
};

/** For describing operations. */
export const getStack = (records: Records, nameOrId: string): StackRecord => {
  const stack = findStack(records, nameOrId);
  if (!stack) throw new AwsError('ValidationError', `Stack with id ${nameOrId} does not exist`);
  return stack;
};

/** For changing operations: a stack that is gone is as good as none, also by its id. */
export const getLiveStack = (records: Records, nameOrId: string): StackRecord => {
  const stack = findStack(records, nameOrId);
  if (!stack || stack.status === 'DELETE_COMPLETE')
    throw new AwsError('ValidationError', `Stack [${nameOrId}] does not exist`);
  return stack;
};

/** The stack a name is about to get; its id derives from the name and how often that name was used. */
export const draftStack = ({ world, records }: Desk, name: string): { stack: StackRecord; ordinal: number } => {
  checkName(name);
  const ordinal = (records.names.get(name)?.ordinal ?? 0) + 1;
  const uuid = uuidFrom(world.account, world.region, name, ordinal);
  const stack: StackRecord = {
    id: `arn:aws:cloudformation:${world.region}:${world.account}:stack/${name}/${uuid}`,
    name,
    status: 'REVIEW_IN_PROGRESS',
    createdAt: world.clock.now(),
    ...{ outputs: [], imports: [], operations: 0, events: 0, changeSets: 0, tokens: {} },
    ...{ terminationProtection: false, disableRollback: false },
  };
  return { stack, ordinal };
};

export const keepStack = (records: Records, { stack, ordinal }: ReturnType<typeof draftStack>) => {
  records.names.put(stack.name, { stackId: stack.id, ordinal });
  records.stacks.put(stack.id, stack);
};

const UPDATABLE = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_FAILED',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
]);

export const checkUpdatable = ({ id, status }: StackRecord) => {
  if (!UPDATABLE.has(status))
    throw new AwsError('ValidationError', `Stack:${id} is in ${status} state and can not be updated.`);
};

const checkName = (name: string) => {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*, and have at most 128 characters`,
    );
};
