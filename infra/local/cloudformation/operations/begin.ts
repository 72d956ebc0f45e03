import { AwsError, type Input } from '../../wire/service.ts';
import type { OperationRecord, StackRecord } from '../records.ts';
import { noEchoValuesOf } from '../template/no-echo.ts';
import { uuidFrom } from '../uuid-from.ts';
import { type Desk, flag } from './desk.ts';

/** Whether this call's client request token has done its work already; throws for a token of another action. */
export const isRepeated = (stack: StackRecord, action: string, token: string | undefined): boolean => {
  if (token === undefined) return false;
  if (!/^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/.test(token))
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${token}' at 'clientRequestToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9][-a-zA-Z0-9]*, and have at most 128 characters`,
    );
  const used = stack.tokens[token];
  if (used !== undefined && used !== action)
    throw new AwsError('TokenAlreadyExistsException', `Client request token ${token} was already used for ${used}`);
  return used === action;
};

export const tokenOf = (input: Input): string | undefined => input.ClientRequestToken || undefined;

/** The next operation of a stack, with what every kind of it has in common. */
export const operationOn = (
  stack: StackRecord,
  token: string | undefined,
  specific: Pick<OperationRecord, 'type' | 'phase' | 'status'> & Partial<OperationRecord>,
): OperationRecord => {
  const number = stack.operations + 1;
  return {
    stackId: stack.id,
    id: uuidFrom(stack.id, 'operation', number),
    number,
    token,
    reason: 'User Initiated',
    onFailure: 'ROLLBACK',
    ...{ retainExceptOnCreate: false, spared: [], force: false, masked: [] },
    ...specific,
  };
};

/** The operation that makes a stack: of CreateStack, or of a change set on a new stack. */
export const createOperation = (
  stack: StackRecord,
  token: string | undefined,
  more: Partial<OperationRecord>,
): OperationRecord =>
  operationOn(stack, token, {
    ...{ type: 'CREATE_STACK', phase: 'CREATE', status: 'CREATE_IN_PROGRESS', roleArn: stack.roleArn },
    ...more,
  });

/** The operation that changes a stack: of UpdateStack, or of a change set. */
export const updateOperation = (
  stack: StackRecord,
  token: string | undefined,
  more: Partial<OperationRecord>,
): OperationRecord =>
  operationOn(stack, token, {
    ...{ type: 'UPDATE_STACK', phase: 'UPDATE', status: 'UPDATE_IN_PROGRESS', roleArn: stack.roleArn },
    ...more,
  });

/** The operation that takes existing resources into a stack; AWS's types of operations have none of its own. */
export const importOperation = (
  stack: StackRecord,
  token: string | undefined,
  more: Partial<OperationRecord>,
): OperationRecord =>
  operationOn(stack, token, {
    ...{ type: 'UPDATE_STACK', phase: 'IMPORT', status: 'IMPORT_IN_PROGRESS', roleArn: stack.roleArn },
    ...more,
  });

/** What both ways to change a stack can be told. */
export const options = (input: Input) => ({ retainExceptOnCreate: flag(input.RetainExceptOnCreate) });

/** Stores that the stack has this operation and its token, and starts it; all or nothing. */
export const begin = (desk: Desk, stack: StackRecord, action: string, operation: OperationRecord) => {
  desk.records.stacks.put(stack.id, {
    ...stack,
    operations: operation.number,
    tokens: withToken(stack, operation.token, action),
  });
  desk.engine.begin({ ...operation, masked: [...operation.masked, ...shownNowhere(desk, stack)] });
};

/** The tokens with one more; the oldest are forgotten. */
export const withToken = ({ tokens }: StackRecord, token: string | undefined, action: string): StackRecord['tokens'] =>
  token === undefined ? tokens : Object.fromEntries([...Object.entries(tokens).slice(1 - TOKENS), [token, action]]);

const TOKENS = 200;

/** NoEcho values of the stack as it is: a rollback or a deletion shows the old properties in its events. */
export const shownNowhere = ({ records }: Desk, { declaration }: StackRecord): readonly string[] =>
  noEchoValuesOf(records, declaration);
